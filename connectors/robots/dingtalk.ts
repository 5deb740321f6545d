import { createHmac } from 'node:crypto';
import type { Robot } from '#connectors/robot-contract.ts';
import { ask, type CodeTable, plainText } from './answer.ts';

const codes: CodeTable = {
  // Over 20 a minute the robot is silent for ten minutes.
  130101: { retryMs: 600_000 },
  [-1]: { retryMs: 30_000 },
  // Signature, keyword or address list does not fit.
  310000: 'refused',
  300001: 'refused',
  300005: 'refused',
  400101: 'refused',
  400102: 'refused',
};

export const dingtalkRobot: Robot = {
  id: 'dingtalk-robot',
  label: { zh: '钉钉群机器人', en: 'DingTalk group robot' },
  defaultBaseUrl: 'https://oapi.dingtalk.com',
  signed: true,
  help: {
    zh: '在群设置里添加“自定义”机器人，安全设置选“加签”，把 Webhook 地址和 SEC 开头的密钥粘贴到这里。',
    en: 'Add a custom robot in the group settings with signing; paste its webhook address and the secret that begins with SEC.',
  },
  readKey: (pasted) => /(?:^|[?&]access_token=)([0-9a-f]{32,})\b/i.exec(pasted.trim())?.[1] ?? null,
  send: (http, { key, secret }, message, nowMs) =>
    ask(
      http,
      {
        method: 'POST',
        path: '/robot/send',
        query: {
          access_token: key,
          timestamp: nowMs,
          sign: createHmac('sha256', secret).update(`${nowMs}\n${secret}`).digest('base64'),
        },
        json: { msgtype: 'text', text: { content: plainText(message) } },
        secrets: ['access_token', 'sign'],
      },
      codes,
    ),
};
