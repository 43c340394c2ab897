// The contrast, as WCAG 2 computes it, of every text that can be seen: a list of {text, kind, ratio}. One
// for each kind of element is enough, as style goes by kind.
(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const channels = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour) => {
    const [red, green, blue] = colour.slice(0, 3).map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const backgroundOf = (element) => {
    const mark = channels(getComputedStyle(element, '::before').backgroundColor);
    if (mark[3] === 255 && getComputedStyle(element, '::before').content !== 'none') return mark;
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const found = new Map();
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.data.trim()).join('');
    const kind = `${element.parentElement.className} > ${element.tagName} ${element.className}`;
    if (!text || found.has(kind) || element.closest('.unseen, noscript, script, style, option') ||
      !element.checkVisibility({ contentVisibilityAuto: true })) continue;
    const [one, other] = [channels(getComputedStyle(element).color), backgroundOf(element)].map(luminance);
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    found.set(kind, { text: text.slice(0, 40), kind, ratio: Math.round(ratio * 100) / 100 });
  }
  return [...found.values()];
})()
