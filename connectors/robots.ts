/** Every group robot by its id; the only place that knows them all. */
import type { Robot } from './robot-contract.ts';
import { dingtalkRobot } from './robots/dingtalk.ts';
import { feishuRobot } from './robots/feishu.ts';
import { wecomRobot } from './robots/wecom.ts';

export const robots: ReadonlyMap<string, Robot> = new Map(
  [wecomRobot, dingtalkRobot, feishuRobot].map((robot) => [robot.id, robot]),
);
