import { describe, expect, test } from 'vitest';
import { cleanHtml } from './clean-word.ts';

const wordHead = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {mso-style-parent:""} --></style>
<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--></head><body lang=ZH-CN><!--StartFragment-->`;
const word = (body: string) => `${wordHead}${body}<!--EndFragment--></body></html>`;

const item = (level: number, mark: string, words: string) =>
  `<p class=MsoListParagraph style='margin-left:22.0pt;mso-list:l0 level${level} lfo1'><![if !supportLists]><span lang=EN-US
style='font-family:Wingdings'><span style='mso-list:Ignore'>${mark}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>${words}<span lang=EN-US><o:p></o:p></span></p>`;

describe('text from Word', () => {
  test('loses its styles, comments and office elements and keeps its words', () => {
    const { html } = cleanHtml(
      word(`<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0'><span style='font-family:仿宋_GB2312;
mso-hansi-font-family:"Times New Roman"'>办理<b>退休</b>手续<span lang=EN-US><o:p></o:p></span></span></p>`),
    );
    expect(html).toBe('<p>办理<strong>退休</strong>手续</p>');
  });

  test('drops paragraphs that hold nothing but a space', () => {
    expect(
      cleanHtml(
        word('<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p><p class=MsoNormal>一</p>'),
      ).html,
    ).toBe('<p>一</p>');
  });

  test('does not put spaces where Word broke its own lines between Chinese characters', () => {
    expect(cleanHtml(word('<p class=MsoNormal>参保人\r\n员 can\r\napply</p>')).html).toBe(
      '<p>参保人员 can apply</p>',
    );
  });

  test('keeps heading levels in order: the highest becomes the first level', () => {
    expect(cleanHtml(word('<h1><b>办理条件</b></h1><h2>男职工</h2><h3>特殊工种</h3>')).html).toBe(
      '<h2>办理条件</h2><h3>男职工</h3><h3>特殊工种</h3>',
    );
  });

  test('recognises headings by outline level and by the numbering of official papers in bold', () => {
    const { html } = cleanHtml(
      word(`<p class=MsoNormal style='mso-outline-level:1'>总则</p><p class=MsoNormal><b><span>一、办理材料</span></b></p>
<p class=MsoNormal><b>（一）身份证</b></p><p class=MsoNormal>二、不加粗的只是一段话。</p>`),
    );
    expect(html).toBe(
      '<h2>总则</h2><h2>一、办理材料</h2><h3>（一）身份证</h3><p>二、不加粗的只是一段话。</p>',
    );
  });

  test('turns list paragraphs into nested lists and drops their printed marks', () => {
    const { html } = cleanHtml(
      word(item(1, '1.', '提出申请') + item(2, 'l', '带身份证') + item(1, '2.', '窗口受理')),
    );
    expect(html).toBe(
      '<ol><li><p>提出申请</p><ul><li><p>带身份证</p></li></ul></li><li><p>窗口受理</p></li></ol>',
    );
  });

  test('starts a numbered list where the paper does', () => {
    expect(cleanHtml(word(item(1, '3、', '领取')))).toMatchObject({
      html: '<ol start="3"><li><p>领取</p></li></ol>',
    });
  });

  test('cuts a paragraph around its picture and lists the pictures in order', () => {
    const cleaned = cleanHtml(
      word(`<p class=MsoNormal>前<span><!--[if gte vml 1]><v:shape><v:imagedata src="file:///C:/a.png"/></v:shape><![endif]--><![if !vml]><img
width=100 src="file:///C:/Users/a/msohtmlclip1/01/clip_image002.jpg" alt="办事大厅"><![endif]></span>后</p>
<p><img src="data:image/png;base64,AAAA" alt="图片 1"></p>`),
    );
    expect(cleaned.html).toBe(
      '<p>前</p><img data-pending="0" alt="办事大厅"><p>后</p><img data-pending="1" alt="">',
    );
    expect(cleaned.pictures.map((picture) => picture.src)).toEqual([
      'file:///C:/Users/a/msohtmlclip1/01/clip_image002.jpg',
      'data:image/png;base64,AAAA',
    ]);
  });

  test('writes the rows of a table as lines and counts the table', () => {
    const cleaned = cleanHtml(
      word(
        '<table><tr><td><p>材料</p></td><td><p>份数</p></td></tr><tr><td>身份证</td><td>1</td></tr></table>',
      ),
    );
    expect(cleaned).toMatchObject({ html: '<p>材料 ｜ 份数</p><p>身份证 ｜ 1</p>', tables: 1 });
  });
});

describe('any pasted page', () => {
  test('keeps only links that may be followed', () => {
    expect(
      cleanHtml(
        '<p><a href="https://12333.gov.cn/?a=1&amp;b=2">12333</a><a href="javascript:alert(1)">点</a></p>',
      ).html,
    ).toBe('<p><a href="https://12333.gov.cn/?a=1&amp;b=2">12333</a>点</p>');
  });

  test('drops scripts with their content and escapes what only looks like markup', () => {
    expect(cleanHtml('<script>alert("<p>x</p>")</script><p>1 &lt; 2<script>y</script></p>').html).toBe(
      '<p>1 &lt; 2</p>',
    );
  });

  test('keeps a stored picture that was copied inside the editor, but not one that only pretends to be', () => {
    const kept = '<img data-file-id="f1" src="/files/a" alt="图">';
    expect(cleanHtml(kept)).toMatchObject({ html: kept, pictures: [] });
    expect(cleanHtml('<img data-file-id="f1" src="https://evil.example/a">').pictures).toHaveLength(1);
  });

  test('survives markup that is never closed', () => {
    expect(cleanHtml('<p>一<p><b>二<ul><li>三<li>四').html).toBe(
      '<p>一</p><p><strong>二</strong></p><ul><li><p>三</p></li><li><p>四</p></li></ul>',
    );
  });
});
