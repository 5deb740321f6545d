import { stageBilibiliForSuite } from '#tests/support/bilibili-stage.ts';
import { describeConnector } from '../suite.ts';
import { bilibili } from './connector.ts';

describeConnector(bilibili, stageBilibiliForSuite);
