import type { ArticleContent } from '#shared/content.ts';
import type { Block } from '#shared/document.ts';

const heading = (text: string): Block => ({
  type: 'heading',
  attrs: { level: 2 },
  content: [{ type: 'text', text }],
});
const paragraph = (text: string): Block => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const list = (...items: string[]): Block => ({
  type: 'orderedList',
  content: items.map((item) => ({ type: 'listItem', content: [paragraph(item)] })),
});

/** A first draft to look at: wording of our own, figures left to the bureau. */
export const sampleArticle: ArticleContent = {
  title: '职工退休“一件事”怎么办？一次讲清楚',
  digest: '到龄前三个月就能申请，一张表、一个窗口、一次提交，社保、医保、公积金一起办。',
  author: '云溪人社',
  coverFileId: null,
  body: {
    type: 'doc',
    content: [
      paragraph(
        '快退休了，要跑几个地方？现在，申请退休、核定养老金、办理医保退休待遇、提取住房公积金等事项合成“一件事”，在一个窗口交一次材料就可以。',
      ),
      heading('谁可以办'),
      paragraph(
        '在本县参加企业职工基本养老保险、达到退休年龄并且缴费年限符合规定的职工。灵活就业人员本人也可以申请。',
      ),
      heading('什么时候办'),
      paragraph('建议在到龄前三个月提出申请，便于核对档案和缴费记录。'),
      heading('怎么办'),
      list(
        '准备身份证、社会保障卡和职工档案（由单位保管的，请单位协助）。',
        '到县政务服务中心人社窗口，或在网上办事大厅选择“职工退休一件事”，填写一张申请表。',
        '窗口核对材料，缺什么一次告知。',
        '审核通过后，养老金按月发到社会保障卡。',
      ),
      heading('还有疑问'),
      paragraph('可以在本文下面留言，或给公众号发消息，我们会在工作日答复。'),
    ],
  },
};
