import type { Role } from '#shared/people.ts';

export type SeedPerson = {
  login: string;
  name: string;
  role: Role /** Name of the unit; empty: the bureau itself. */;
  unit: string;
};
export type SeedBureau = {
  slug: string;
  level: 'city' | 'county';
  superior: string | null;
  name: string;
  shortName: string;
  units: { name: string; kind: 'section' | 'township'; fields: readonly string[] }[];
  people: SeedPerson[];
  withSample: boolean;
};

/** The county that is tried comes first: its site answers at `/`. */
export const bureaus: readonly SeedBureau[] = [
  {
    slug: 'yunxi',
    level: 'county',
    superior: 'qinghe',
    name: '云溪县人力资源和社会保障局',
    shortName: '云溪人社',
    units: [
      { name: '办公室', kind: 'section', fields: ['考试', '非本部门职责'] },
      { name: '就业促进和职业能力建设股', kind: 'section', fields: ['就业创业', '培训'] },
      { name: '社会保险股', kind: 'section', fields: ['社会保险', '社保卡'] },
      { name: '劳动关系和监察股', kind: 'section', fields: ['劳动关系', '劳动监察', '维权/欠薪'] },
      { name: '人事人才股', kind: 'section', fields: ['人才人事'] },
      { name: '柳河镇人社服务站', kind: 'township', fields: [] },
    ],
    people: [
      { login: 'bianji', name: '林晓', role: 'editor', unit: '' },
      { login: 'chushen', name: '陈静', role: 'reviewer-first', unit: '' },
      { login: 'fushen', name: '周明', role: 'reviewer-second', unit: '' },
      { login: 'zhongshen', name: '赵立新', role: 'reviewer-final', unit: '' },
      { login: 'liuyan', name: '孙悦', role: 'agent', unit: '' },
      { login: 'keshi', name: '吴芳', role: 'section', unit: '社会保险股' },
      { login: 'guanli', name: '何伟', role: 'administrator', unit: '' },
      { login: 'lingdao', name: '郑国强', role: 'leader', unit: '' },
      { login: 'yunwei', name: '钱进', role: 'operator', unit: '' },
    ],
    withSample: true,
  },
  {
    slug: 'qinghe',
    level: 'city',
    superior: null,
    name: '青河市人力资源和社会保障局',
    shortName: '青河人社',
    units: [],
    people: [{ login: 'shangji', name: '冯岚', role: 'supervisor', unit: '' }],
    withSample: false,
  },
  {
    slug: 'shitang',
    level: 'county',
    superior: 'qinghe',
    name: '石塘县人力资源和社会保障局',
    shortName: '石塘人社',
    units: [{ name: '社会保险股', kind: 'section', fields: ['社会保险', '社保卡'] }],
    people: [
      { login: 'st.bianji', name: '许诺', role: 'editor', unit: '' },
      { login: 'st.chushen', name: '蒋宁', role: 'reviewer-first', unit: '' },
      { login: 'st.zhongshen', name: '唐毅', role: 'reviewer-final', unit: '' },
      { login: 'st.guanli', name: '韩松', role: 'administrator', unit: '' },
    ],
    withSample: false,
  },
];
