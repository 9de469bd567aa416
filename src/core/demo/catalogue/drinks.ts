import type { Shelf } from './shelf'

/** Tea, coffee and what is eaten with them. */
export const drinks: readonly Shelf[] = [
  {
    code: 'black-tea',
    prefix: 'BLK',
    name: { en: 'Black tea', zh: '红茶' },
    everyDays: 35,
    ranges: [
      {
        items: [
          ['English Breakfast', '英式早餐茶', 420],
          ['Earl Grey', '伯爵红茶', 440],
          ['Assam', '阿萨姆红茶', 450],
          ['Darjeeling', '大吉岭红茶', 590],
          ['Ceylon Orange Pekoe', '锡兰橙黄白毫', 460],
          ['Keemun', '祁门红茶', 620],
          ['Lapsang Souchong', '正山小种', 640],
          ['Yunnan Gold', '滇红金芽', 690],
        ],
        forms: [
          ['50 tea bags', '茶包 50 包', 1],
          ['loose leaf 125 g', '散茶 125 克', 1.3],
          ['refill pouch 500 g', '补充装 500 克', 4.2],
        ],
      },
      { items: [['Decaf Breakfast, 50 tea bags', '低因早餐茶 茶包 50 包', 460]] },
    ],
  },
  {
    code: 'green-oolong',
    prefix: 'GRN',
    name: { en: 'Green & oolong tea', zh: '绿茶与乌龙茶' },
    everyDays: 40,
    ranges: [
      {
        items: [
          ['West Lake Longjing', '西湖龙井', 1290],
          ['Biluochun', '碧螺春', 1180],
          ['Jasmine Pearls', '茉莉龙珠', 890],
          ['Sencha', '日式煎茶', 780],
          ['Genmaicha', '玄米茶', 590],
          ['Gunpowder Green', '平水珠茶', 450],
          ['Tieguanyin', '安溪铁观音', 950],
          ['Da Hong Pao', '大红袍', 1350],
          ['Phoenix Dancong', '凤凰单丛', 1420],
          ['Dongding Oolong', '冻顶乌龙', 1120],
          ['White Peony', '白牡丹', 980],
          ['Silver Needle', '白毫银针', 1590],
        ],
        forms: [
          ['50 g tin', '罐装 50 克', 1],
          ['100 g pouch', '袋装 100 克', 1.7],
        ],
      },
      { items: [['Ceremonial Matcha, 30 g tin', '茶道级抹茶 罐装 30 克', 1650]] },
    ],
  },
  {
    code: 'herbal-tea',
    prefix: 'HRB',
    name: { en: 'Herbal tea', zh: '花草茶' },
    everyDays: 38,
    ranges: [
      {
        items: [
          ['Chamomile', '洋甘菊茶', 280],
          ['Peppermint', '薄荷茶', 260],
          ['Rooibos', '路易波士茶', 290],
          ['Lemon & Ginger', '柠檬姜茶', 280],
          ['Chrysanthemum', '杭白菊茶', 340],
          ['Rosebud', '玫瑰花茶', 380],
          ['Hibiscus', '洛神花茶', 290],
          ['Roasted Barley', '大麦茶', 250],
          ['Tartary Buckwheat', '苦荞茶', 310],
          ['Osmanthus', '桂花茶', 390],
          ['Red Date & Longan', '红枣桂圆茶', 420],
          ['Fennel & Liquorice', '茴香甘草茶', 290],
        ],
        forms: [
          ['20 tea bags', '茶包 20 包', 1],
          ['family pack of 60', '家庭装 60 包', 2.6],
        ],
      },
      { items: [['Good Night Blend, 20 tea bags', '晚安拼配茶 茶包 20 包', 320]] },
    ],
  },
  {
    code: 'coffee',
    prefix: 'COF',
    name: { en: 'Coffee', zh: '咖啡' },
    everyDays: 24,
    ranges: [
      {
        items: [
          ['House Blend', '招牌拼配咖啡', 650],
          ['Ethiopia Yirgacheffe', '埃塞俄比亚耶加雪菲', 850],
          ['Colombia Huila', '哥伦比亚慧兰', 780],
          ['Brazil Santos', '巴西山度士', 690],
          ['Guatemala Antigua', '危地马拉安提瓜', 820],
          ['Sumatra Mandheling', '苏门答腊曼特宁', 840],
          ['Italian Espresso Roast', '意式浓缩咖啡', 720],
          ['Swiss Water Decaf', '瑞士水处理低因咖啡', 860],
        ],
        forms: [
          ['beans 250 g', '咖啡豆 250 克', 1],
          ['ground 250 g', '咖啡粉 250 克', 1],
          ['beans 1 kg', '咖啡豆 1 公斤', 3.5],
        ],
      },
      { items: [['House Blend, 10 drip bags', '招牌拼配咖啡 挂耳 10 包', 750]] },
    ],
  },
  {
    code: 'biscuits',
    prefix: 'BIS',
    name: { en: 'Biscuits & snacks', zh: '饼干与零食' },
    everyDays: 21,
    ranges: [
      {
        items: [
          ['Butter Shortbread', '黄油酥饼', 290],
          ['Wholemeal Digestives', '全麦消化饼干', 180],
          ['Ginger Nuts', '姜味饼干', 170],
          ['Oat & Raisin Cookies', '燕麦葡萄干曲奇', 250],
          ['Custard Creams', '奶油夹心饼干', 160],
          ['Sesame Crackers', '芝麻脆饼', 220],
          ['Rice Crackers', '日式米饼', 240],
        ],
        forms: [
          ['200 g', '200 克', 1],
          ['sharing tin 600 g', '分享罐 600 克', 2.8],
        ],
      },
      {
        items: [
          ['Roasted Salted Almonds, 150 g', '盐烤杏仁 150 克', 320],
          ['Roasted Cashews, 150 g', '烤腰果 150 克', 340],
          ['Walnut Halves, 200 g', '核桃仁 200 克', 380],
          ['Pistachios in the Shell, 200 g', '带壳开心果 200 克', 420],
          ['Dried Mango, 100 g', '芒果干 100 克', 260],
          ['Medjool Dates, 250 g', '椰枣 250 克', 390],
          ['Roasted Seaweed, 10 packs', '烤海苔 10 小包', 350],
          ['Five-Spice Sunflower Seeds, 250 g', '五香瓜子 250 克', 220],
          ['Dark Chocolate 70%, 100 g', '70% 黑巧克力 100 克', 280],
          ['Milk Chocolate, 100 g', '牛奶巧克力 100 克', 240],
          ['Sea Salt Crisps, 150 g', '海盐薯片 150 克', 210],
        ],
      },
    ],
  },
]
