import { formScript, script } from './client-script.ts';
import { html } from './html.ts';
import { type Frame, homePath, type Site } from './site-frame.ts';
import { styles } from './styles.ts';

export type PageParts = {
  /** Without the name of the bureau, which is added. Empty on the home page. */
  title: string;
  description: string;
  /** Path of the page itself, for the canonical address. */
  path: string;
  /** Where the display switch comes back to, when the path alone is not the page. */
  back?: string;
  /** Made by templates. */
  main: string;
  /** More for the head, made by templates. */
  head?: string;
  /** False keeps the page out of search engines. */
  indexed?: boolean;
  /** With the script of forms: counting, pictures, the proof of work. */
  forms?: boolean;
  /** What stands in the search box. */
  query?: string;
  /** The home page's name is its heading; elsewhere a link. */
  home?: boolean;
};

/** A whole page: the same head, landmarks and foot everywhere. */
export function renderPage(frame: Frame, page: PageParts): string {
  const { site, publicUrl, view } = frame;
  const title = page.title ? `${page.title} - ${site.name}` : site.name;
  const indexed = (page.indexed ?? true) && !site.demonstration;
  return html`<!doctype html>
<html lang="zh-CN" class="${view.large ? 'large' : ''}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="description" content="${page.description}">
!${indexed ? '' : '<meta name="robots" content="noindex">'}
<link rel="canonical" href="${publicUrl}${page.path}">
<link rel="alternate" type="application/atom+xml" title="${site.name}" href="${publicUrl}${site.base}/feeds/atom.xml">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<meta property="og:site_name" content="${site.name}">
<meta property="og:locale" content="zh_CN">
<meta property="og:title" content="${page.title || site.name}">
<meta property="og:description" content="${page.description}">
<meta property="og:url" content="${publicUrl}${page.path}">
!${page.head ?? '<meta property="og:type" content="website">'}
<style>!${styles}</style>
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
!${renderTop(frame, page)}
<main id="main" class="wrap" tabindex="-1">
!${page.main}
</main>
!${renderFoot(frame, page)}
<script>!${script}</script>!${page.forms ? html`<script>!${formScript}</script>` : ''}
</body>
</html>
`;
}

/** The relaxed policy profile is no secret: one line on every page (DESIGN §6). */
function demonstrationLine(site: Site): string {
  return site.demonstration
    ? html`<p class="demo" role="note">演示站点：单位、人员和内容均为演示，请勿作为办事依据。</p>`
    : '';
}

function renderTop({ site, view }: Frame, page: PageParts): string {
  const [size, label] = view.large ? ['standard', '标准字号'] : ['large', '长者模式'];
  const name = page.home
    ? html`<h1 class="name">${site.name}</h1>`
    : html`<p class="name"><a href="${homePath(site)}">${site.name}</a></p>`;
  return html`<header>!${demonstrationLine(site)}<div class="top"><div class="wrap">
!${name}
<form data-display action="/display" method="post">
<input type="hidden" name="back" value="${page.back ?? page.path}">
<button name="size" value="${size}">${label}</button>
</form>
<form class="find" role="search" action="${site.base}/search" method="get">
<input type="search" name="q" value="${page.query ?? ''}" maxlength="100" aria-label="搜索本站内容" placeholder="想办什么事？">
<button class="main">搜索</button>
</form>
</div></div></header>`;
}

/** Not on the form itself, which would be asked about itself. */
function errorLink(site: Site, page: PageParts): string {
  const form = `${site.base}/ask`;
  if (page.path === form || page.path.startsWith(`${form}?`) || page.path.startsWith(`${form}/`)) return '';
  return html`<a href="${form}?page=${page.path}">页面找错</a> `;
}

function renderFoot({ site }: Frame, page: PageParts): string {
  return html`<footer class="foot"><div class="wrap">
<nav aria-label="页脚"><a href="${homePath(site)}">首页</a> <a href="${site.base}/ask">留言咨询</a> <a href="${site.base}/receipt">查看答复</a> <a href="${site.base}/answers">留言公开</a> !${errorLink(site, page)}<a href="${site.base}/feeds/atom.xml">订阅</a> <a href="${site.base}/accessibility">无障碍说明</a></nav>
</div></footer>`;
}
