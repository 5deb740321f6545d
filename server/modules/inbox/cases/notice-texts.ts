/** What a citizen is told beside the answer. Chinese alone: it goes to people who wrote in Chinese. */
export function extensionNotice(days: number, reason: string): string {
  return `您好，您反映的事项还需要进一步核实，办理时间延长 ${days} 个工作日。原因：${reason}。办结后会尽快答复您，感谢理解。`;
}
