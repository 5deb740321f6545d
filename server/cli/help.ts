/** Every command in words; loaded without the program, so that help answers at once and needs no settings. */
import { type Text, text } from '#shared/lang.ts';

type Help = { summary: Text; usage: readonly (readonly [line: string, meaning: Text])[] };

export const commands = {
  serve: {
    summary: text('启动全部服务', 'start everything'),
    usage: [['serve', text('与 npm start 相同，Ctrl-C 停止', 'the same as npm start; Ctrl-C stops it')]],
  },
  migrate: {
    summary: text('更新数据库结构', 'bring the database schema up to date'),
    usage: [['migrate', text('执行尚未执行的迁移', 'run the migrations that are missing')]],
  },
  seed: {
    summary: text('建立演示单位，或新建一个单位', 'make the demonstration, or a new bureau'),
    usage: [
      ['seed', text('建立演示单位（仅演示模式）', 'make the demonstration bureaus (demo mode only)')],
      [
        'seed bureau --slug <拼音> --name <全称> --short-name <简称> [--level province|city|county]',
        text('新建一个空单位和它的工作日表', 'make an empty bureau with its working days'),
      ],
    ],
  },
  user: {
    summary: text('用户：列出、新增、重设密码、停用', 'people: list, add, reset a password, disable'),
    usage: [
      ['user list [--bureau <slug>]', text('列出用户', 'list people')],
      [
        'user add --login <用户名> --name <姓名> --role <岗位> [--unit <科室>] [--bureau <slug>]',
        text('新增用户，初始密码只显示一次', 'add a person; the first password is shown once'),
      ],
      [
        'user reset-password --login <用户名>',
        text('重设密码，解除锁定，结束其全部登录', 'new password, lock lifted, sessions ended'),
      ],
      [
        'user reset-second-factor --login <用户名>',
        text(
          '取消两步验证（手机和恢复码都丢失时，先核实本人身份）',
          'take the second factor away (phone and recovery codes lost; make sure who asks)',
        ),
      ],
      ['user disable --login <用户名> --reason <原因>', text('停用', 'disable')],
      ['user sessions end --login <用户名>', text('结束其全部登录', 'end all sessions')],
    ],
  },
  account: {
    summary: text('平台账号：列出、暂停、恢复', 'platform accounts: list, pause, resume'),
    usage: [
      ['account list [--bureau <slug>]', text('列出账号', 'list accounts')],
      ['account pause --id <账号编号> --reason <原因>', text('暂停发布和回复', 'pause posts and answers')],
      ['account resume --id <账号编号>', text('恢复', 'resume')],
    ],
  },
  token: {
    summary: text('接口令牌：新建、列出、吊销', 'API tokens: create, list, revoke'),
    usage: [
      [
        'token create --name <用途> --scopes <权限,…> --by <用户名> [--days <有效天数>] [--bureau <slug>]',
        text('新建，令牌只显示一次', 'create; the token is shown once'),
      ],
      ['token list [--bureau <slug>]', text('列出', 'list')],
      ['token revoke --id <令牌编号>', text('吊销', 'revoke')],
    ],
  },
  import: {
    summary: text('从 CSV 导入用户', 'import people from CSV'),
    usage: [
      [
        'import people <文件.csv> [--bureau <slug>] [--passwords <文件.csv>]',
        text(
          '列：login,name,role,unit（或 用户名,姓名,岗位,科室）；有一行不对则一行都不导入',
          'columns login,name,role,unit; one wrong line and none is imported',
        ),
      ],
    ],
  },
  export: {
    summary: text('导出一个单位的文稿、版本和留言事项', 'export a bureau’s articles, versions and cases'),
    usage: [
      [
        'export [--bureau <slug>] [--out <文件>]',
        text('每行一个 JSON；不写 --out 则输出到屏幕', 'one JSON a line; to standard output without --out'),
      ],
    ],
  },
  backup: {
    summary: text('备份数据库和文件', 'back up database and files'),
    usage: [
      [
        'backup --out <新文件夹> [--with-key]',
        text('运行中也可备份；默认不含主密钥', 'also while running; without the master key by default'),
      ],
      ['backup --check <文件夹>', text('重新核对一份备份的每个字节', 'read every byte of a backup again')],
    ],
  },
  restore: {
    summary: text('从备份恢复', 'restore a backup'),
    usage: [
      [
        'restore --from <文件夹> [--force] [--new-key]',
        text(
          '先停止程序；只恢复到空数据库，--force 替换现有数据',
          'stop the program first; into an empty database, --force replaces what is there',
        ),
      ],
    ],
  },
  audit: {
    summary: text('审计日志：校验、导出签名的链头', 'audit log: verify, export the signed head'),
    usage: [
      [
        'audit verify [--anchor <链头文件>] [--json]',
        text('校验全部审计链；链头文件可发现末尾被截断', 'verify every chain; a head file shows a cut tail'),
      ],
      [
        'audit export-head [--out <文件>]',
        text('导出签名的链头，请存到别处', 'export the signed head; keep it elsewhere'),
      ],
    ],
  },
  doctor: {
    summary: text('检查运行环境并说明怎么处理', 'check the installation and say what to do'),
    usage: [['doctor [--json]', text('只读检查', 'reads only')]],
  },
} as const satisfies Record<string, Help>;

export type CommandName = keyof typeof commands;

export const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name);

export function overview(): string {
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(8)} ${summary.zh} / ${summary.en}`,
  );
  return [
    '回声 Huisheng',
    '',
    '用法 / usage: npx huisheng <命令 command> [选项 options]',
    '',
    ...lines,
    '',
    '查看某个命令 / about one command: npx huisheng <command> --help',
    '设置从环境变量读取 / settings come from the environment: HUISHENG_DATA_DIR, DATABASE_URL, HUISHENG_MODE …',
    '退出码 / exit codes: 0 成功 ok, 1 失败 failed, 2 用法有误 usage, 78 设置有误 configuration',
  ].join('\n');
}

export function explain(name: CommandName): string {
  const { summary, usage } = commands[name];
  return [
    `${name}: ${summary.zh} / ${summary.en}`,
    ...usage.flatMap(([line, meaning]) => [
      '',
      `  npx huisheng ${line}`,
      `      ${meaning.zh}`,
      `      ${meaning.en}`,
    ]),
  ].join('\n');
}
