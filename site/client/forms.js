// On pages with a form of the inbox. Comforts only: the server judges the same things again.
(() => {
  // Said before anything is sent, so that nothing is sent in vain. The browser holds the form back while a field is not valid.
  const watch = (field, name, judge) => {
    const line = document.createElement('p');
    line.className = 'quiet';
    field.after(line);
    const look = () => {
      const { words, wrong } = judge();
      line.textContent = words;
      line.hidden = !words;
      line.classList.toggle('wrong', wrong);
      line.setAttribute('aria-live', wrong ? 'polite' : 'off');
      field.setCustomValidity(wrong ? words : '');
    };
    field.addEventListener(name, look);
    // Back from another page: the browser puts the words back after this ran.
    addEventListener('pageshow', look);
    look();
  };
  for (const area of document.querySelectorAll('textarea[data-most]')) {
    const most = Number(area.dataset.most);
    watch(area, 'input', () => {
      const count = [...area.value.trim()].length;
      const wrong = count > most;
      return {
        wrong,
        words: wrong
          ? `已写 ${count} 字，最多 ${most} 字，请删去 ${count - most} 字`
          : `已写 ${count} 字，最多 ${most} 字`,
      };
    });
  }
  const pictures = document.querySelector('input[type=file][data-most]');
  if (pictures) {
    const most = Number(pictures.dataset.most);
    const bytes = Number(pictures.dataset.bytes);
    watch(pictures, 'change', () => {
      const files = [...pictures.files];
      const large = files.filter(({ size }) => size > bytes).map(({ name }) => `“${name}”`);
      const words =
        files.length > most
          ? `选了 ${files.length} 张图片，最多 ${most} 张，请重新选择`
          : large.length > 0
            ? `${large.join('')}超过 ${bytes / 1e6} MB，请换小一点的图片，或截图后再选`
            : '';
      return { words, wrong: words !== '' };
    });
  }

  const given = document.querySelector('[data-copy]');
  if (given) {
    const addButton = (label, work) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.addEventListener('click', () => work(button));
      given.append(button);
    };
    addButton('复制', async (button) => {
      const words = given.dataset.copy;
      try {
        await navigator.clipboard.writeText(words);
        button.textContent = '已复制';
      } catch {
        window.prompt('请长按或按 Ctrl+C 复制', words);
      }
    });
    addButton('打印', () => window.print());
  }

  // Robots pay with work, people with nothing: the number is looked for while they write. Without it the form goes too.
  const proven = document.querySelector('form[data-proof]');
  if (proven && window.crypto?.subtle) {
    const { algorithm, challenge, maxnumber, salt, signature } = JSON.parse(proven.dataset.proof);
    const hex = (bytes) =>
      [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const find = async () => {
      for (let number = 0; number <= maxnumber; number += 1) {
        const digest = await crypto.subtle.digest(algorithm, new TextEncoder().encode(salt + number));
        if (hex(digest) !== challenge) continue;
        const found = JSON.stringify({ algorithm, challenge, number, salt, signature });
        proven.elements.proof.value = btoa(found);
        return;
      }
    };
    const search = find().catch(() => {});
    proven.addEventListener('submit', async (event) => {
      if (proven.elements.proof.value || proven.dataset.waited) return;
      event.preventDefault();
      proven.dataset.waited = 'yes';
      await search;
      proven.submit();
    });
  }
})();
