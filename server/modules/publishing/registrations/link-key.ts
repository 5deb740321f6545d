/** Hosts of one site under several names: the same post lies at each of them. */
const sameSite = /^(?:www|m|mobile|wap)\./;

/** Parameters that name who shared or where from, not what; everything else may name the post (`__biz`, `mid`, `eid`). */
const sharing =
  /^(?:utm_\w+|xsec_\w+|share\w*|from\w*|log_from|app_platform|app_version|apptime|appuid|source|source_type|timestamp|ts|spm\w*|scene|chksm|sessionid|subscene|clicktime|enterid|ascene|devicetype|version|nettype|abtest_\w+|wx_header|poc_token|is_all|vd_source|buvid|mid_from|refer\w*|tt_from|category_new|req_id\w*|use_new_style|wid|isappinstalled|previous_page|region|did|iid|u_code|with_sec_did|titletype|share_sign|share_version)$/i;

/**
 * What stays of an address when the same post is shared twice: no scheme, no `www.` or `m.`, no tracking, no fragment.
 * Pure; two addresses with one key are one post.
 */
export function linkKeyOf(link: string): string {
  if (!URL.canParse(link)) return link.trim();
  const url = new URL(link);
  const kept = [...url.searchParams]
    .filter(([name]) => !sharing.test(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const query = new URLSearchParams(kept).toString();
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.host.replace(sameSite, '')}${path}${query ? `?${query}` : ''}`;
}
