// Comforts only: without this script every page shows and does everything it must.
(() => {
  const root = document.documentElement;
  const tools = document.querySelector('[data-tools]');
  const say = (button, words) => {
    const usual = button.dataset.label;
    button.textContent = words;
    setTimeout(() => {
      button.textContent = usual;
    }, 2500);
  };
  const addButton = (label, work) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.label = label;
    button.textContent = label;
    button.addEventListener('click', () => work(button));
    tools.append(button);
    return button;
  };

  // The switch works by form; here it spares the reload. The cookie is the server's own.
  const display = document.querySelector('form[data-display]');
  display?.addEventListener('submit', (event) => {
    event.preventDefault();
    const large = root.classList.toggle('large');
    const seconds = large ? 31536000 : 0;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in many phones' browsers
    document.cookie = `hs_size=large; Path=/; Max-Age=${seconds}; SameSite=Lax`;
    const button = display.querySelector('button');
    button.textContent = large ? '标准字号' : '长者模式';
    button.value = large ? 'standard' : 'large';
  });

  if (!tools) return;

  const copy = async (button) => {
    const address = tools.dataset.address;
    try {
      await navigator.clipboard.writeText(address);
      say(button, '已复制');
    } catch {
      // No clipboard (plain http, old phone): let the person copy it.
      window.prompt('请长按或按 Ctrl+C 复制', address);
    }
  };
  addButton('复制链接', copy);

  if (!('speechSynthesis' in window)) return;
  const pieces = [...document.querySelectorAll('[data-read]')].flatMap((part) =>
    part.children.length && part.matches('.text') ? [...part.children] : [part],
  );
  let run = 0;
  let begun = false;
  const button = addButton('朗读全文', () => {
    if (button.getAttribute('aria-pressed') === 'true') stop();
    else {
      run += 1;
      button.setAttribute('aria-pressed', 'true');
      button.textContent = '停止朗读';
      read(run, 0);
    }
  });
  button.setAttribute('aria-pressed', 'false');
  function stop() {
    run += 1;
    speechSynthesis.cancel();
    for (const piece of pieces) piece.classList.remove('reading');
    button.setAttribute('aria-pressed', 'false');
    button.textContent = button.dataset.label;
  }
  function giveUp() {
    stop();
    say(button, '本机没有可用的语音');
  }
  // One paragraph an utterance: some engines fall silent in long ones.
  function read(mine, index) {
    if (mine !== run) return;
    pieces[index - 1]?.classList.remove('reading');
    const piece = pieces[index];
    if (!piece) return stop();
    const words = piece.textContent.trim();
    if (!words) return read(mine, index + 1);
    const utterance = new SpeechSynthesisUtterance(words);
    utterance.lang = 'zh-CN';
    utterance.onstart = () => {
      begun = true;
    };
    utterance.onend = () => read(mine, index + 1);
    utterance.onerror = () => mine === run && (begun ? stop() : giveUp());
    piece.classList.add('reading');
    speechSynthesis.speak(utterance);
    if (index > 0) return;
    // Some devices have the interface and no voice: then nothing ever begins, and nothing says so.
    setTimeout(() => {
      if (mine === run && !begun) giveUp();
    }, 4000);
  }
  addEventListener('pagehide', stop);
})();
