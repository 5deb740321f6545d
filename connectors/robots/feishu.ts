import { createHmac } from 'node:crypto';
import type { Robot } from '#connectors/robot-contract.ts';
import { ask, type CodeTable, plainText } from './answer.ts';

const codes: CodeTable = {
  11232: { retryMs: 60_000 },
  9499: 'refused',
  19001: 'refused',
  // Signature wrong or older than an hour; address list; keyword.
  19021: 'refused',
  19022: 'refused',
  19024: 'refused',
};

export const feishuRobot: Robot = {
  id: 'feishu-robot',
  label: { zh: '飞书群机器人', en: 'Feishu group robot' },
  defaultBaseUrl: 'https://open.feishu.cn',
  signed: true,
  help: {
    zh: '在群设置里添加“自定义机器人”，安全设置选“签名校验”，把 Webhook 地址和签名密钥粘贴到这里。',
    en: 'Add a custom robot in the group settings with signature verification; paste its webhook address and the secret.',
  },
  readKey: (pasted) =>
    /(?:^|\/open-apis\/bot\/v2\/hook\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/i.exec(
      pasted.trim(),
    )?.[1] ?? null,
  send(http, { key, secret }, message, nowMs) {
    const timestamp = String(Math.floor(nowMs / 1_000));
    // The text that others sign is the key here, and what is signed is empty.
    const sign = createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64');
    return ask(
      http,
      {
        method: 'POST',
        path: `/open-apis/bot/v2/hook/${key}`,
        json: { timestamp, sign, msg_type: 'text', content: { text: plainText(message) } },
        secrets: ['sign'],
      },
      codes,
    );
  },
};
