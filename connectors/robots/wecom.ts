import type { Robot } from '#connectors/robot-contract.ts';
import { ask, type CodeTable, plainText } from './answer.ts';

const codes: CodeTable = {
  45009: { retryMs: 60_000 },
  [-1]: { retryMs: 30_000 },
  93000: 'refused',
  93008: 'refused',
  40008: 'refused',
  40058: 'refused',
  60020: 'refused',
};

export const wecomRobot: Robot = {
  id: 'wecom-robot',
  label: { zh: '企业微信群机器人', en: 'WeCom group robot' },
  defaultBaseUrl: 'https://qyapi.weixin.qq.com',
  signed: false,
  help: {
    zh: '在群里“添加群机器人”，复制它的 Webhook 地址，整段粘贴到这里。',
    en: 'Add a group robot in the group, copy its webhook address and paste it here whole.',
  },
  readKey: (pasted) =>
    /(?:^|[?&]key=)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/i.exec(pasted.trim())?.[1] ?? null,
  send: (http, { key }, message) =>
    ask(
      http,
      {
        method: 'POST',
        path: '/cgi-bin/webhook/send',
        query: { key },
        json: { msgtype: 'text', text: { content: plainText(message) } },
        secrets: ['key'],
      },
      codes,
    ),
};
