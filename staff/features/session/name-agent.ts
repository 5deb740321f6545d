/** First match wins: many browsers also claim to be those further down. */
const programs: readonly (readonly [RegExp, string])[] = [
  [/Edg\w*\/(\d+)/, 'Edge'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/(?:Headless)?Chrome\/(\d+)/, 'Chrome'],
  [/Version\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari/, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** 'Chrome 156 · Windows' from what the browser says of itself; its own words where nothing is known in them. */
export function nameAgent(agent: string): string {
  const program = programs.flatMap(([pattern, name]) => {
    const match = pattern.exec(agent);
    return match ? [`${name} ${match[1]}`] : [];
  })[0];
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1];
  return program ? [program, system].filter(Boolean).join(' · ') : agent.slice(0, 60);
}
