/**
 * Danger, anger and worry in a text, to see first what can't wait. An aid for the order of work: it is about the words of
 * one message, is stored about nobody and says nothing of the person.
 */

const cues = {
  danger: [
    '自杀',
    '轻生',
    '跳楼',
    '不想活',
    '活不下去',
    '爬塔吊',
    '塔吊',
    '喝农药',
    '同归于尽',
    '报复',
    '堵路',
    '拉横幅',
    '集体上访',
    '围堵',
    '出人命',
    '生命危险',
    '抢救',
    '活着没意思',
    '一了百了',
    '想死',
    '死给',
    '重伤',
    '中毒',
    '爆炸',
    '坍塌',
    '火灾',
    '不让走',
    '限制自由',
    '殴打',
    '走丢',
    '等着手术',
    '断气',
    '童工',
  ],
  worry: [
    '急',
    '万分着急',
    '救命',
    '救救',
    '走投无路',
    '实在没办法',
    '没办法了',
    '等着用钱',
    '等钱',
    '揭不开锅',
    '吃不上饭',
    '没饭吃',
    '明天',
    '今天',
    '最后一天',
    '马上截止',
    '快过年',
    '住院',
    '病重',
    '断缴',
    '停发',
    '无门',
    '怎么活',
  ],
  anger: [
    '气愤',
    '愤怒',
    '无法无天',
    '踢皮球',
    '推诿',
    '不作为',
    '没人管',
    '忍无可忍',
    '态度恶劣',
    '骗子',
    '黑心',
    '天理',
    '欺负',
    '强烈要求',
    '强烈谴责',
    '到底管不管',
    '太过分',
    '无耻',
    '血汗钱',
    '！！',
    '!!',
  ],
} as const;

export type Mood = {
  urgency: 'normal' | 'soon' | 'now';
  anger: boolean;
  worry: boolean;
  words: string[];
};

/** Words of danger to life or order, as they stand in the list. */
export function findDanger(text: string): string[] {
  const plain = withoutEverydayWords(text);
  return cues.danger.filter((word) => plain.includes(word));
}

/** 应急 and first-aid courses hold 急 and are no need. */
const withoutEverydayWords = (text: string) =>
  text.replaceAll(/\s+/g, '').replaceAll('应急', '').replaceAll('急救培训', '');

/** `now` for danger to life or order; `soon` for worry with a date or a need in it, or for much anger. */
export function readMood(text: string): Mood {
  const plain = withoutEverydayWords(text);
  const find = (words: readonly string[]) => words.filter((word) => plain.includes(word));
  const [danger, worry, anger] = [findDanger(text), find(cues.worry), find(cues.anger)];
  const soon = worry.length + anger.length >= 2 || worry.some((word) => word.length > 1);
  return {
    urgency: danger.length > 0 ? 'now' : soon ? 'soon' : 'normal',
    anger: anger.length > 0,
    worry: worry.length > 0,
    words: [...danger, ...worry, ...anger],
  };
}
