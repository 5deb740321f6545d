/** Whether a telephone number can be called: seven digits at least, with what people write between them. */
export function looksLikePhone(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return /^[+\d][\d\s()（）+转-]*$/.test(text.trim()) && digits.length >= 7 && digits.length <= 20;
}
