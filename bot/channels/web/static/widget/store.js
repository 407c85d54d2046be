// Storage that may be missing (private windows, blocked cookies): then the page remembers by itself.

class Store {
  constructor(area) {
    this.memory = new Map();
    try {
      this.area = area();
      this.area.getItem("komekshi");
    } catch {
      this.area = null;
    }
  }

  read(key) {
    try {
      const text = this.area ? this.area.getItem(`komekshi.${key}`) : this.memory.get(key);
      return text ? JSON.parse(text) : null;
    } catch {
      return null;
    }
  }

  write(key, value) {
    const text = JSON.stringify(value);
    this.memory.set(key, text);
    try {
      this.area?.setItem(`komekshi.${key}`, text);
    } catch { /* full: this page still knows */ }
  }

  remove(key) {
    this.memory.delete(key);
    this.area?.removeItem(`komekshi.${key}`);
  }
}

export const shared = new Store(() => window.localStorage);
export const own = new Store(() => window.sessionStorage);
