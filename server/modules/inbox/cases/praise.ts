/** Words that praise or thank and nothing else. Who has to answer them has less time for those who wait. */
import { kindWords } from './words.ts';

/** Longer than this somebody tells something, whatever the words are. Signs and stickers are not counted. */
const longest = 12;

/** One of them at least: the others carry nothing by themselves. */
const praiseWords = [
  ...[
    '写得好',
    '写的好',
    '写得真好',
    '讲得好',
    '说得好',
    '真好',
    '太好了',
    '很好',
    '挺好',
    '非常好',
    '好棒',
    '好文',
  ],
  ...[
    '棒',
    '赞',
    '点赞',
    '点个赞',
    '不错',
    '给力',
    '厉害',
    '优秀',
    '加油',
    '顶',
    '支持',
    '有用',
    '实用',
    '及时',
  ],
  ...['学习了', '学习', '涨知识', '长知识', '收到', '已阅', '已读', '明白了', '知道了', '了解了', '好的'],
  ...['转发', '转了', '收藏', '分享', '谢谢', '感谢', '多谢', '辛苦'],
];
const fillers = [
  ...[
    '了',
    '的',
    '啊',
    '呀',
    '哦',
    '哈',
    '嗯',
    '啦',
    '很',
    '真',
    '真是',
    '太',
    '非常',
    '特别',
    '挺',
    '都',
    '也',
    '已',
    '已经',
  ],
  ...[
    '一下',
    '一个',
    '为',
    '给',
    '和',
    '你们',
    '大家',
    '我们',
    '咱们',
    '小编',
    '编辑',
    '老师',
    '同志们',
    '工作人员',
  ],
  ...['人社', '人社局', '政府', '政策', '文章', '这篇', '内容'],
];
/** Nothing but these from the first sign to the last: one word beside them may hold a wish, a name, a place. */
const nothingElse = new RegExp(
  `^(?:${[...praiseWords, ...fillers].toSorted((a, b) => b.length - a.length).join('|')})+$`,
);

/** Platforms write their stickers as [微笑] or /:rose. */
const stickers = /\[[^\]]{1,8}\]|\/:[\w-]{1,12}/g;
/** Whoever cries or is angry praises nobody. */
const sad =
  /\[[^\]]*(?:怒|气|哭|泪|难过|伤心|心碎|委屈|可怜|抓狂|鄙视|弱|吐|骂|疑问|求|衰|晕|汗|失望)[^\]]*\]|\/:(?::?[<'(]|cry|bad|bye|brokenheart)|[😠😡🤬👎😢😭😤😞😔😟😣😖😫😩💔🆘🤮🙄😒☹🙁]/u;

/** Never where there is a question, a number, a wish or a complaint, however kind the rest sounds. */
export function isPraise(text: string): boolean {
  const plain = text.replaceAll(/\s+/g, '');
  if (/[\p{N}?？]/u.test(plain) || sad.test(plain)) return false;
  // In a sticker's brackets, too, somebody may write what they want.
  if (kindWords.some(([, words]) => words.some((word) => plain.includes(word)))) return false;
  const signs = plain.replaceAll(stickers, '');
  const bare = signs.replaceAll(/[^\p{L}]/gu, '');
  if (bare === '') return signs !== plain || /\p{Extended_Pictographic}/u.test(plain);
  if ([...bare].length > longest || !nothingElse.test(bare)) return false;
  return praiseWords.some((word) => bare.includes(word));
}
