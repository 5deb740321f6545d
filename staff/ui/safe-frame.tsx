import { useRef, useState } from 'react';

const baseStyle = `
html{color-scheme:light}body{margin:0;padding:16px;font:16px/1.75 -apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#222;background:#fff;overflow-wrap:anywhere}
img{max-width:100%;height:auto}a{color:#1d5c8f}h1{font-size:22px;line-height:1.4;margin:0 0 6px}figure{margin:12px 0}.by{color:#5b6570;font-size:14px;margin:0 0 14px}`;

function frameDocument(html: string): string {
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><style>${baseStyle}</style></head><body>${html}</body></html>`;
}

type SafeFrameProps = { html: string; title: string; height?: number; fit?: boolean };

/** Title and author as the platform sets them above the text, for content that comes without its head. */
export function withHead(html: string, title: string | null, author: string | null): string {
  const by = author ? `<p class="by">${escapeText(author)}</p>` : '';
  return title ? `<h1>${escapeText(title)}</h1>${by}${html}` : html;
}

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

/**
 * Shows rendered content apart from the desk, so that neither styles nor anything active leaks. With `fit` the frame
 * grows with its content: for measuring it shares our origin, which is safe because scripts stay forbidden in it.
 */
export function SafeFrame({ html, title, height = 560, fit = false }: SafeFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [measured, setMeasured] = useState(height);

  const measure = () => {
    const body = frame.current?.contentDocument?.body;
    if (!fit || !body) return;
    const update = () => setMeasured(Math.max(120, body.scrollHeight + 2));
    update();
    for (const image of body.querySelectorAll('img')) image.addEventListener('load', update, { once: true });
  };

  return (
    <iframe
      ref={frame}
      className="safe-frame"
      title={title}
      sandbox={fit ? 'allow-same-origin' : ''}
      srcDoc={frameDocument(html)}
      style={{ height: measured }}
      onLoad={measure}
    />
  );
}
