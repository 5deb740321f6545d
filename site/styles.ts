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
.tools+form{margin-top:.75rem}
.correction{margin:1rem 0;padding:.75rem 1rem;border-left:4px solid #b42318;background:#fdf3f2;white-space:pre-line}
.address{margin:2rem 0 0;padding-top:.75rem;border-top:1px solid #d8dde2}
.reading{background:#eaf2fb}
.foot{background:#f3f5f7;border-top:1px solid #d8dde2;padding:1rem 0;font-size:.9375rem}
.foot nav{flex:1 1 min(16rem,100%)}
.foot a{display:inline-block;padding:.5rem .75rem .5rem 0;color:#0b4f9e}
label,legend{font-weight:600}
label .quiet,legend .quiet{font-weight:400}
textarea{display:block;width:100%;font:inherit;color:inherit;padding:.5rem .625rem;border:1px solid #6b7680;border-radius:.25rem;resize:vertical}
fieldset{margin:1rem 0;padding:.5rem 1rem 1rem;border:1px solid #b9c4ce;border-radius:.25rem}
.sheet label{display:block;margin:.875rem 0 .25rem}
.sheet input:not([type=checkbox]):not([type=radio]){width:100%}
.sheet>.quiet{margin:.25rem 0}
.sheet>button{margin:1.25rem 0 0}
.sheet .check{display:flex;gap:.625rem;align-items:center;margin:.75rem 0}
.sheet .check label{margin:0;font-weight:400}
input[type=checkbox],input[type=radio]{flex:none;width:1.375rem;height:1.375rem;min-height:0}
.problem,.done,.note{margin:1rem 0;padding:.75rem 1rem;border-left:4px solid #b3261e;background:#fdf1f0}
.problem p{margin:0}
.done{border-color:#1b6e3c;background:#eef7f1}
.note{border-color:#b45309;background:#fff8ea}
.note p{margin:0}
.quiet.wrong{color:#b3261e;font-weight:600}
.leave{margin:2rem 0 0}
.receipt{margin:1.25rem 0;padding:1rem;border:2px solid #0b4f9e;border-radius:.25rem}
.receipt dd{margin:0 0 .75rem;font:700 1.625rem/1.4 ui-monospace,Menlo,Consolas,monospace}
.receipt dd:last-child{margin:0}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.375rem 1rem;margin:1rem 0}
.facts dt{color:#4a545e}
.facts dd{margin:0}
.said{list-style:none;margin:0;padding:0}
.said li{margin:.75rem 0;padding:.75rem 1rem;border-left:4px solid #b9c4ce;background:#f3f5f7}
.said li.bureau{border-color:#0b4f9e;background:#eaf2fb}
.said p{margin:0}
.words{white-space:pre-line}
.filters{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.75rem 0}
.filters a,.filters span{padding:.375rem 0}
.filters [aria-current]{font-weight:700}
.doors{display:flex;flex-wrap:wrap;gap:.5rem;margin:0 0 1rem}
.doors a{flex:1 1 9rem;padding:.75rem 1rem;border:1px solid #0b4f9e;border-radius:.25rem;color:#0b4f9e;text-align:center;text-decoration:none;font-weight:600}
.vote{margin:1.5rem 0}
details{margin:1.5rem 0}
summary{cursor:pointer;padding:.375rem 0}
@media (min-width:48rem){.name{flex-basis:auto}}
@media print{body{display:block}.top form,.foot,.tools,.skip,.demo,.more{display:none}body{font-size:12pt}.top{border-color:#000}a{color:inherit}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;

export const styles = source.replace(/\n/g, '');
export const stylesHash = `'sha256-${createHash('sha256').update(styles).digest('base64')}'`;
