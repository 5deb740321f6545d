import { describe } from 'vitest';
import { stageBilibiliForSuite } from '#tests/support/bilibili-stage.ts';
import { describeConnector } from '../suite.ts';
import { bilibili } from './connector.ts';

describe('articles', () => describeConnector(bilibili, () => stageBilibiliForSuite('article')));
describe('videos', () => describeConnector(bilibili, () => stageBilibiliForSuite('video')));
