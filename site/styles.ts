import { createHash } from 'node:crypto';

/**
 * The whole style sheet, inlined in every page: one request shows everything. Lengths are in rem, so 长者模式 only
 * raises the root size. Colours on white: text 15:1, links 7.6:1, quiet text 6.5:1 (AA asks 4.5:1).
 */
const source = `
*{box-sizing:border-box}
html{font-size:100%;-webkit-text-size-adjust:100%}
html.large{font-size:131.25%}
body{display:flex;flex-direction:column;min-height:100vh;margin:0;color:#1d2329;background:#fff;font-family:system-ui,-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif;line-height:1.7;overflow-wrap:anywhere}
a{color:#0b4f9e;text-underline-offset:.2em}
a:visited{color:#5b3a8c}
:focus-visible{outline:3px solid #b45309;outline-offset:2px}
.skip{position:absolute;left:-999em}
.skip:focus{left:.5rem;top:.5rem;background:#fff;padding:.5rem 1rem;z-index:1}
.wrap{max-width:46rem;margin:0 auto;padding:0 1rem}
.demo{margin:0;background:#fff3d6;color:#5c3b00;text-align:center;font-size:.875rem;padding:.25rem 1rem}
.top{border-bottom:3px solid #0b4f9e;padding:.75rem 0}
.top .wrap,.foot .wrap{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center}
.name{flex:1 1 9rem;margin:0;font-size:1.25rem;font-weight:700;line-height:1.4}
.name a{color:inherit;text-decoration:none}
.name small{display:block;font-size:.8125rem;font-weight:400;color:#4a545e}
form{margin:0}
.find{display:flex;flex:1 1 min(16rem,100%);min-width:0;gap:.5rem}

input{flex:1;width:4rem;min-width:0;font:inherit;color:inherit;padding:.25rem .625rem;min-height:2.75rem;border:1px solid #6b7680;border-radius:.25rem;background:#fff}
button{font:inherit;min-height:2.75rem;padding:.25rem .875rem;border:1px solid #0b4f9e;border-radius:.25rem;color:#0b4f9e;background:#fff;cursor:pointer;white-space:nowrap}
button.main{color:#fff;background:#0b4f9e}
main.wrap{padding-top:1.25rem;padding-bottom:2rem;width:100%;flex:1 0 auto}
h1{font-size:1.625rem;line-height:1.4;margin:0 0 .5rem}
h1,.name,.demo{text-wrap:balance}
h2{font-size:1.25rem;line-height:1.5;margin:1.75rem 0 .5rem}
h3{font-size:1.0625rem;margin:1.5rem 0 .5rem}
.quiet{color:#4a545e;font-size:.9375rem}
.whole{display:inline-block}
.list{list-style:none;margin:0;padding:0}
.list li{padding:.875rem 0;border-bottom:1px solid #d8dde2}
.list h2,.list h3{font-size:1.125rem;margin:0}
.list p{margin:.25rem 0 0}
mark{background:#ffe69c;color:inherit;padding:0 .05em}
.more{margin:1.25rem 0 0}
.text{margin:1.25rem 0 0;font-size:1.0625rem;line-height:1.85}
.text p{margin:0 0 1.1em}
.text img{display:block;max-width:100%;height:auto;margin:1rem auto}
.text figure{margin:1rem 0}
.text video{display:block;width:100%;height:auto;max-height:80vh;background:#000}
.text .transcript{margin:0 0 1rem}
.text blockquote{margin:1rem 0;padding:.125rem 1rem;border-left:4px solid #b9c4ce;color:#3a444d}
.text blockquote>:last-child{margin-bottom:0}
.text ul,.text ol{padding-left:1.6em}
.text table{border-collapse:collapse;display:block;overflow-x:auto;max-width:100%}
.text td,.text th{border:1px solid #b9c4ce;padding:.375rem .625rem}
.text hr{border:0;border-top:1px solid #d8dde2;margin:1.5rem 0}
.text .align-center{text-align:center}
.text .align-right{text-align:right}
.tools{display:flex;flex-wrap:wrap;gap:.5rem;margin:.75rem 0 0}
.tools:empty{display:none}
.address{margin:2rem 0 0;padding-top:.75rem;border-top:1px solid #d8dde2}
.reading{background:#eaf2fb}
.foot{background:#f3f5f7;border-top:1px solid #d8dde2;padding:1rem 0;font-size:.9375rem}
.foot nav{flex:1 1 min(16rem,100%)}
.foot a{display:inline-block;padding:.5rem .75rem .5rem 0;color:#0b4f9e}
@media (min-width:48rem){.name{flex-basis:auto}}
@media print{body{display:block}.top form,.foot,.tools,.skip,.demo,.more{display:none}body{font-size:12pt}.top{border-color:#000}a{color:inherit}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;

export const styles = source.replace(/\n/g, '');
export const stylesHash = `'sha256-${createHash('sha256').update(styles).digest('base64')}'`;
