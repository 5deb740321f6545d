import { stageKuaishouForSuite } from '#tests/support/kuaishou-stage.ts';
import { describeConnector } from '../suite.ts';
import { kuaishou } from './connector.ts';

describeConnector(kuaishou, stageKuaishouForSuite);
