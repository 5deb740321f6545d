import { html } from '../html.ts';
import { renderPage } from '../layout.ts';
import type { Frame } from '../site-frame.ts';

export function renderAccessibility(frame: Frame): string {
  const { site } = frame;
  return renderPage(frame, {
    title: '无障碍说明',
    description: `${site.name}网站的无障碍与适老化说明。`,
    path: `${site.base}/accessibility`,
    main: html`<h1>无障碍说明</h1>
<div class="text">
<p>本站希望每一位群众都能方便地看到、听到、查到需要的内容。页面参照《信息技术 互联网内容无障碍可访问性技术要求与测试方法》（GB/T 37668—2019）设计，目前未经第三方机构评测。</p>
<h2>可以这样使用</h2>
<ul>
<li>长者模式：每页顶部有“长者模式”按钮，文字放大到 18 像素以上，选择会记住一年。</li>
<li>朗读：文章标题下方有“朗读全文”按钮，由您的设备发声；没有显示按钮时，说明设备不支持。</li>
<li>键盘：全部功能都可以用键盘操作，按 Tab 键首先出现“跳到正文”。</li>
<li>读屏软件：页面按标题、导航、正文分区，图片带有文字说明。</li>
<li>放大：页面放大到 400% 仍可单栏阅读，不需要左右拖动。</li>
<li>关闭脚本：不运行脚本也能阅读、搜索和切换长者模式。</li>
<li>打印：打印时只保留正文。</li>
</ul>
<h2>已知的不足</h2>
<ul>
<li>早期内容中的个别图片可能缺少文字说明。</li>
<li>朗读的音质和语速取决于您的设备。</li>
</ul>
<h2>遇到困难</h2>
<p>如果有内容看不到、听不到或用不了，请拨打人社服务热线 <a href="tel:12333">12333</a>，说明网址和所用的设备，由${site.name}处理。</p>
</div>`,
  });
}
