/**
 * How good a draft answer is, before it goes out: five marks from 0 to 1, each with a sentence that says what to mend. They
 * help the one who writes; they are no mark of a person and no ground for one.
 */
import { type Text, text } from '#shared/lang.ts';
import { countGrams } from './learn/features.ts';
import { foldForLearning } from './learn/fold.ts';
import { withoutCourtesies } from './retrieval.ts';

export type Mark = { score: number; why: Text };
export type ReplyQuality = {
  relevance: Mark;
  completeness: Mark;
  basis: Mark;
  readability: Mark;
  timeliness: Mark;
  /** Mean of those that could be judged. */
  overall: number;
};

export type Exchange = {
  question: string;
  reply: string;
  /** Days from the question to the reply, and how many were allowed; null before it is sent. */
  days: number | null;
  allowedDays: number;
};

export function judgeReply({ question, reply, days, allowedDays }: Exchange): ReplyQuality {
  const body = withoutForms(reply);
  const marks = {
    relevance: judgeRelevance(question, body),
    completeness: judgeCompleteness(question, body),
    basis: judgeBasis(body),
    readability: judgeReadability(body),
    timeliness: judgeTimeliness(days, allowedDays),
  };
  const scores = Object.values(marks).map(({ score }) => score);
  return { ...marks, overall: scores.reduce((sum, score) => sum + score, 0) / scores.length };
}

/** Greetings, the repetition of the title and thanks say nothing, and must not count as an answer. */
function withoutForms(reply: string): string {
  return reply
    .replace(/^[^：:]{0,24}[：:]\s*(?:您好|你好)[！!，,。]?/, '')
    .replace(/(?:您好|你好)[！!，,。]/g, '')
    .replace(/[^。！]{0,30}(?:留言|来信|反映)[^。，：]{0,40}(?:收悉|已收到)[^。，：]{0,30}[。，：]/g, '')
    .replace(/感谢您?(?:对我们工作)?的?[^。]{0,30}(?:支持|关注|理解|监督|来信)[^。]{0,20}[。！]?/g, '');
}

const lengths = { from: 2, to: 2 };

/** Share of the question's character pairs that the answer takes up; half of them is full marks. */
function judgeRelevance(question: string, reply: string): Mark {
  const asked = pairs(question);
  const said = pairs(reply);
  const shared = [...asked].filter((pair) => said.has(pair)).length;
  // A long story is never repeated: what counts is at most forty pairs.
  const wanted = Math.max(1, Math.min(40, asked.size / 2));
  const score = clamp(shared / wanted);
  return {
    score,
    why:
      score >= 0.5
        ? text('答复紧扣所问。', 'The answer speaks of what was asked.')
        : text(
            '答复很少提到所问的事，请直接回答。',
            'The answer hardly mentions what was asked; answer it directly.',
          ),
  };
}

const pairs = (message: string): Set<number> =>
  new Set(countGrams([{ folded: withoutCourtesies(foldForLearning(message)), weight: 1 }], lengths).hashes);

/** What a person needs who wants to act, as far as the question calls for it. */
const elements: readonly { asked: RegExp; told: RegExp; name: Text }[] = [
  {
    asked: /怎么|如何|怎样|流程|办理|申请|手续/,
    told: /步骤|流程|先|申请|办理|登录|填写|提交|携带|持|通过|到[^，。]{2,20}(?:窗口|大厅|中心|局|社区)/,
    name: text('怎么办', 'how to do it'),
  },
  {
    asked: /材料|证件|带什么|资料/,
    told: /材料|身份证|复印件|证明|表|照片|户口/,
    name: text('要什么材料', 'which papers'),
  },
  {
    asked: /哪里|哪儿|地址|地点|在哪|什么地方|哪个部门/,
    told: /路|号|楼|窗口|大厅|网|地址|中心|局|社区|小程序/,
    name: text('在哪里办', 'where'),
  },
  {
    asked: /什么时候|何时|几号|多久|时间|哪天/,
    told: /[0-9一二三四五六七八九十]+(?:年|月|日|天|个?工作日|小时|点)|上午|下午|目前|预计|尚未|以后/,
    name: text('什么时候', 'when'),
  },
  {
    asked: /多少|标准|比例|金额|几成|费用/,
    told: /[0-9一二三四五六七八九十]+(?:\.[0-9]+)?(?:元|%|％|倍|个月|万)|免费|不收/,
    name: text('多少', 'how much'),
  },
  {
    asked: /能不能|可不可以|可以吗|能否|是否|可否|吗/,
    told: /可以|不可以|不能|能够|能|应当|不予|符合|不符合|须|属于|不属于|是|否|已|未/,
    name: text('能不能', 'whether'),
  },
  {
    asked: /投诉|举报|反映|欠|违规|违法|扰民/,
    told: /核实|调查|查处|处理|整改|责令|约谈|督促|立案|现场|检查|支付|解决/,
    name: text('怎样处理的', 'what was done'),
  },
];
const contact = /\d{3,4}[-－—]?\d{6,8}|123\d{2}|电话|窗口|联系/;

function judgeCompleteness(question: string, reply: string): Mark {
  const wanted = elements.filter(({ asked }) => asked.test(question));
  const missing = wanted.filter(({ told }) => !told.test(reply));
  const told = wanted.length === 0 ? clamp(reply.length / 80) : 1 - missing.length / wanted.length;
  const score = clamp(0.85 * told + (contact.test(reply) ? 0.15 : 0)) * clamp(reply.length / 30);
  if (missing.length === 0)
    return contact.test(reply)
      ? {
          score,
          why: text(
            '所问各点都有答复，并留有联系方式。',
            'Every point is answered, with a way to ask again.',
          ),
        }
      : { score, why: text('可以留一个咨询电话或窗口。', 'Give a telephone or a counter to ask again.') };
  const names = missing.map(({ name }) => name);
  return {
    score,
    why: text(
      `还没有说清：${names.map(({ zh }) => zh).join('、')}。`,
      `Not yet said: ${names.map(({ en }) => en).join(', ')}.`,
    ),
  };
}

const documents = /《[^《》]{3,60}》|[一-龥]{1,8}[〔[（(]\d{4}[〕\])）]\d{1,4}号/g;
const articles = /第[一二三四五六七八九十百零\d]+条/;

function judgeBasis(reply: string): Mark {
  const cited = new Set(reply.match(documents) ?? []).size;
  const score = clamp(
    (cited > 0 ? 0.7 : /根据|按照|依据|规定|政策/.test(reply) ? 0.35 : 0) +
      (articles.test(reply) ? 0.3 : 0) +
      (cited > 1 ? 0.3 : 0),
  );
  return {
    score,
    why:
      cited > 0
        ? text('写明了依据的文件。', 'The documents it rests on are named.')
        : score > 0
          ? text(
              '提到了规定，请写出文件名称或文号。',
              'Rules are mentioned; name the document or its number.',
            )
          : text(
              '没有写依据；涉及政策时请写明文件。',
              'No basis is given; name the document where policy is concerned.',
            ),
  };
}

const officialese =
  /予以|有关规定|相关部门|之规定|特此|兹|鉴于|悉知|据此|酌情|上述|其|该项|系|拟|予|经研究|贯彻落实|高度重视/g;
const plainSentence = 40;

/** Sentences of at most forty characters and little officialese. */
function judgeReadability(reply: string): Mark {
  const sentences = reply.split(/[。！？；!?;\n]+/).filter((sentence) => sentence.trim() !== '');
  if (sentences.length === 0) {
    return {
      score: 0,
      why: text('除了客套没有内容，请直接回答。', 'Nothing but courtesies; answer the question.'),
    };
  }
  const mean = sentences.reduce((sum, sentence) => sum + sentence.length, 0) / sentences.length;
  const stiff = (reply.match(officialese) ?? []).length / Math.max(1, reply.length / 100);
  const byLength = clamp(1 - (mean - plainSentence) / 80);
  const score = clamp(0.7 * byLength + 0.3 * clamp(1 - stiff / 3));
  const long = mean > plainSentence * 1.5;
  return {
    score,
    why: long
      ? text(
          `句子平均 ${Math.round(mean)} 字，请分成短句。`,
          `Sentences have ${Math.round(mean)} characters on average; make them shorter.`,
        )
      : stiff > 2
        ? text('公文用语较多，请换成平常的话。', 'Much officialese; use everyday words.')
        : text('句子简短，容易读懂。', 'Short sentences, easy to read.'),
  };
}

/** Within the time allowed is full marks; after four times that long, none. */
function judgeTimeliness(days: number | null, allowedDays: number): Mark {
  if (days === null) return { score: 1, why: text('还没有发出。', 'Not sent yet.') };
  const score = clamp(1 - (days - allowedDays) / (3 * allowedDays));
  const [took, allowed] = [Math.round(days), Math.round(allowedDays)];
  return {
    score,
    why:
      days <= allowedDays
        ? text(
            `用了 ${took} 天，在 ${allowed} 天时限内。`,
            `Took ${took} days, within the ${allowed} allowed.`,
          )
        : text(`用了 ${took} 天，超过 ${allowed} 天时限。`, `Took ${took} days; ${allowed} were allowed.`),
  };
}

const clamp = (value: number): number => Math.max(0, Math.min(1, value));
