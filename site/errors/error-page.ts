import { html } from '../html.ts';
import { renderPage } from '../layout.ts';
import { type Frame, homePath, type Site } from '../site-frame.ts';

export type Trouble = {
  /** Heading. */
  title: string;
  zh: string;
  en: string;
};

export const notFound: Trouble = {
  title: '没有找到这个页面',
  zh: '网址可能有误，或者内容已经撤下、移走。',
  en: 'There is no such page. The address may be wrong, or the content was withdrawn.',
};

/** Stands in before any bureau is founded, and when not even the bureaus can be read. */
export const nobody: Site = {
  bureauId: '',
  slug: '',
  name: '回声',
  shortName: '回声',
  demonstration: false,
  base: '',
};

export function renderTrouble(frame: Frame, trouble: Trouble): string {
  return renderPage(frame, {
    title: trouble.title,
    description: trouble.zh,
    path: homePath(frame.site),
    indexed: false,
    main: html`<h1>${trouble.title}</h1>
<p>${trouble.zh}</p>
<p class="quiet" lang="en">${trouble.en}</p>
<ul><li><a href="${homePath(frame.site)}">回到首页</a>，看最新发布的内容；</li>
<li>在上方搜索想办的事；</li>
<li>拨打人社服务热线 <a href="tel:12333">12333</a> 咨询。</li></ul>`,
  });
}
