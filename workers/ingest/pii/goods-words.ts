const REACH = 28;
const GOODS =
  /(?:^|[^a-z])(?:sku|item|part|article|product|order|invoice|ticket|batch|lot|serial|model|parcel|shipment|tracking|ref|reference)s?(?:[ _.-]?(?:no|nr|number|id|code))?[ :=#/_.-]{1,3}$/;

/** Whether what stands right before says that it is the number of a thing: an order's, an article's, a parcel's. */
export function readsAsGoods(text: string, start: number): boolean {
  return start > 0 && GOODS.test(text.slice(Math.max(0, start - REACH), start).toLowerCase());
}
