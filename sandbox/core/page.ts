/** The frame of every human page: plain, readable on a phone, no script. */
import type { FastifyReply } from 'fastify';
import { html } from 'ghtml';

const CSS = `
:root{color-scheme:light;--ink:#1f2329;--soft:#646a73;--line:#dfe2e8;--ground:#f5f6f7;--accent:#1a7f4b}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
header,main,footer{max-width:720px;margin:0 auto;padding:12px 16px}
a{color:#1d5f8f}
header a,nav a{color:inherit}
footer,.soft{color:var(--soft);font-size:14px}
h1{font-size:22px;line-height:1.35;margin:8px 0}
h2{font-size:18px;margin:24px 0 8px}
.card{background:#fff;border:1px solid var(--line);border-radius:8px;padding:12px 16px;margin:12px 0}
.card>h2:first-child{margin-top:4px}
.card img{max-width:100%;height:auto}
.tag{display:inline-block;border:1px solid currentColor;border-radius:4px;padding:0 6px;font-size:13px;color:var(--accent)}
.tag.warn{color:#b45309}
label{display:block;margin:8px 0 2px}
input,textarea{width:100%;font:inherit;padding:8px;border:1px solid #b6bcc6;border-radius:6px}
textarea{min-height:88px}
button{font:inherit;min-height:44px;padding:8px 20px;margin:10px 8px 0 0;border:0;border-radius:6px;background:var(--accent);color:#fff}
button.plain{background:#fff;color:var(--ink);border:1px solid #b6bcc6}
ul.list{list-style:none;margin:0;padding:0}
ul.list>li{border-top:1px solid var(--line);padding:10px 0}
ul.list>li:first-child{border-top:0}
.bubble{max-width:85%;border-radius:8px;padding:8px 12px;margin:6px 0;background:#fff;border:1px solid var(--line);white-space:pre-wrap;overflow-wrap:anywhere}
.bubble.theirs{margin-left:auto;background:#e7f6ec}
.bubble.theirs+.soft{text-align:right}
.wrap{overflow-wrap:anywhere}
`;

// Articles are shown as their authors wrote them: nothing on a page may run or call out.
const POLICY =
  "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'";

/** Sends a page; `body` is markup already escaped. */
export function sendPage(
  reply: FastifyReply,
  page: { title: string; home: { href: string; label: string }; body: string; status?: number },
): FastifyReply {
  const markup = html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title><style>!${CSS}</style></head>
<body><header><nav><a href="/sandbox/">模拟平台</a> › <a href="${page.home.href}">${page.home.label}</a></nav></header>
<main>!${page.body}</main>
<footer>这是供演示和测试用的模拟平台，不是真实平台，内容不会被公众看到。</footer></body></html>`;
  return reply
    .code(page.status ?? 200)
    .header('content-security-policy', POLICY)
    .header('x-content-type-options', 'nosniff')
    .type('text/html; charset=utf-8')
    .send(markup);
}

const whenFormat = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'medium',
  timeStyle: 'short',
});

/** `2026年11月23日 09:05`, Beijing time, from epoch milliseconds. */
export const formatWhen = (ms: number): string => whenFormat.format(ms);
