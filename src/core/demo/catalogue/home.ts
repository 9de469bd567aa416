import type { Shelf } from './shelf'

/** What a home uses up. */
export const home: readonly Shelf[] = [
  {
    code: 'laundry',
    prefix: 'LAU',
    name: { en: 'Laundry', zh: '洗衣用品' },
    everyDays: 45,
    ranges: [
      {
        items: [
          ['Bio Laundry Liquid', '强效洗衣液', 520],
          ['Non-Bio Laundry Liquid', '温和洗衣液', 520],
          ['Colour Laundry Liquid', '护色洗衣液', 540],
          ['Delicates & Wool Wash', '羊毛真丝洗涤液', 580],
          ['Baby Laundry Liquid', '婴儿洗衣液', 620],
          ['Fabric Softener, Cotton', '衣物柔顺剂 棉花香', 380],
          ['Fabric Softener, Lavender', '衣物柔顺剂 薰衣草香', 380],
          ['Fabric Softener, Unscented', '衣物柔顺剂 无香', 380],
        ],
        forms: [
          ['1 litre', '1 升', 1],
          ['refill 3 litres', '补充装 3 升', 2.6],
        ],
      },
      {
        items: [
          ['Laundry Capsules, 30 washes', '洗衣凝珠 30 颗', 790],
          ['Washing Powder, 2 kg', '洗衣粉 2 公斤', 690],
          ['Oxygen Stain Remover, 1 kg', '氧净去渍粉 1 公斤', 650],
          ['Stain Remover Spray, 500 ml', '去渍喷雾 500 毫升', 390],
          ['Colour Catcher, 24 sheets', '防串色吸色片 24 片', 420],
          ['Soda Crystals, 1 kg', '洗涤碱 1 公斤', 160],
          ['Laundry Soap Bar, 3 pieces', '洗衣皂 3 块', 280],
          ['Washing Machine Cleaner, 2 uses', '洗衣机槽清洁剂 2 次量', 390],
          ['Wooden Clothes Pegs, 36 pieces', '木制衣夹 36 个', 260],
        ],
      },
    ],
  },
  {
    code: 'kitchen-cleaning',
    prefix: 'KIT',
    name: { en: 'Kitchen cleaning', zh: '厨房清洁' },
    everyDays: 34,
    ranges: [
      {
        items: [
          ['Washing-Up Liquid, Lemon', '洗洁精 柠檬香', 190],
          ['Washing-Up Liquid, Green Tea', '洗洁精 绿茶香', 190],
          ['Washing-Up Liquid, Unscented', '洗洁精 无香', 190],
          ['Hand Wash, Lemongrass', '洗手液 柠檬草', 240],
          ['Hand Wash, Fig', '洗手液 无花果', 240],
          ['Multi-Surface Cleaner', '多用途清洁剂', 260],
          ['Degreaser Spray', '油污净喷雾', 320],
        ],
        forms: [
          ['500 ml', '500 毫升', 1],
          ['refill 1.5 litres', '补充装 1.5 升', 2.5],
        ],
      },
      {
        items: [
          ['Dishwasher Tablets, 40 pieces', '洗碗机洗涤块 40 块', 890],
          ['Dishwasher Tablets, 100 pieces', '洗碗机洗涤块 100 块', 1890],
          ['Dishwasher Salt, 2 kg', '洗碗机专用盐 2 公斤', 280],
          ['Rinse Aid, 500 ml', '洗碗机漂洗剂 500 毫升', 350],
          ['Sponges, 6 pieces', '洗碗海绵 6 块', 220],
          ['Steel Scourers, 4 pieces', '钢丝球 4 个', 150],
          ['Microfibre Cloths, 5 pieces', '超细纤维抹布 5 块', 390],
          ['Dish Brush Heads, 3 pieces', '洗碗刷替换头 3 个', 320],
          ['Kettle Descaler, 3 sachets', '水壶除垢剂 3 包', 260],
          ['Rubber Gloves, Medium', '橡胶手套 中号', 180],
          ['Oven Cleaner, 500 ml', '烤箱清洁剂 500 毫升', 380],
        ],
      },
    ],
  },
  {
    code: 'bathroom-cleaning',
    prefix: 'CLN',
    name: { en: 'Bathroom & floors', zh: '浴室与地板清洁' },
    everyDays: 40,
    ranges: [
      {
        items: [
          ['Bathroom Cleaner', '浴室清洁剂', 280],
          ['Limescale Remover', '除水垢剂', 310],
          ['Toilet Cleaner, Pine', '洁厕剂 松木香', 190],
          ['Toilet Cleaner, Ocean', '洁厕剂 海洋香', 190],
          ['Floor Cleaner, Wood', '木地板清洁剂', 350],
          ['Floor Cleaner, Tile', '瓷砖清洁剂', 330],
          ['Glass Cleaner', '玻璃清洁剂', 260],
          ['White Cleaning Vinegar', '清洁用白醋', 170],
        ],
        forms: [
          ['750 ml', '750 毫升', 1],
          ['twin pack', '两瓶装', 1.8],
        ],
      },
      {
        items: [
          ['Drain Cleaner, 1 litre', '管道疏通剂 1 升', 420],
          ['Mop Refills, 3 pieces', '拖把替换头 3 个', 590],
          ['Floor Wipes, 40 pieces', '地板湿巾 40 片', 320],
          ['Dusters, 10 pieces', '除尘掸替换装 10 个', 380],
          ['Mould Spray, 500 ml', '除霉喷雾 500 毫升', 390],
          ['Citric Acid, 500 g', '柠檬酸 500 克', 290],
          ['Bleach, 1 litre', '漂白剂 1 升', 150],
          ['Vacuum Bags, 5 pieces', '吸尘器尘袋 5 个', 690],
          ['Toilet Rim Blocks, 4 pieces', '马桶清香块 4 个', 290],
        ],
      },
    ],
  },
  {
    code: 'paper-bags',
    prefix: 'PAP',
    name: { en: 'Paper & bags', zh: '纸品与袋类' },
    everyDays: 28,
    ranges: [
      {
        items: [
          ['Toilet Rolls, Recycled', '再生卫生卷纸', 420],
          ['Toilet Rolls, Bamboo', '竹浆卫生卷纸', 490],
          ['Toilet Rolls, Quilted', '加厚卫生卷纸', 520],
          ['Kitchen Rolls', '厨房纸', 480],
        ],
        forms: [
          ['9 rolls', '9 卷', 1],
          ['24 rolls', '24 卷', 2.4],
        ],
      },
      {
        items: [
          ['Tissues', '抽取式纸巾', 150],
          ['Pocket Tissues', '手帕纸', 160],
          ['Bin Bags 30 litres', '垃圾袋 30 升', 240],
          ['Bin Bags 60 litres', '垃圾袋 60 升', 320],
          ['Compostable Caddy Bags', '可堆肥厨余袋', 280],
          ['Freezer Bags', '冷冻保鲜袋', 220],
          ['Napkins', '餐巾纸', 190],
        ],
        forms: [
          ['one pack', '单包', 1],
          ['pack of 4', '4 包装', 3.6],
        ],
      },
      {
        items: [
          ['Aluminium Foil, 20 m', '铝箔纸 20 米', 280],
          ['Cling Film, 50 m', '保鲜膜 50 米', 250],
          ['Beeswax Wraps, 3 pieces', '蜂蜡保鲜布 3 片', 890],
        ],
      },
    ],
  },
  {
    code: 'bath-body',
    prefix: 'BOD',
    name: { en: 'Bath & body', zh: '个人洗护' },
    everyDays: 44,
    ranges: [
      {
        items: [
          ['Shampoo, Nettle', '荨麻洗发水', 420],
          ['Shampoo, Camellia', '山茶花洗发水', 460],
          ['Conditioner, Camellia', '山茶花护发素', 460],
          ['Shower Gel, Citrus', '柑橘沐浴露', 350],
          ['Shower Gel, Oat Milk', '燕麦奶沐浴露', 370],
          ['Body Lotion, Almond', '杏仁身体乳', 520],
          ['Bath Foam, Lavender', '薰衣草泡泡浴', 440],
        ],
        forms: [
          ['250 ml', '250 毫升', 1],
          ['refill 1 litre', '补充装 1 升', 3.2],
        ],
      },
      {
        items: [
          ['Olive Soap Bar, 3 pieces', '橄榄皂 3 块', 450],
          ['Toothpaste, Mint, 100 ml', '薄荷牙膏 100 毫升', 290],
          ['Toothpaste, Sensitive, 100 ml', '抗敏感牙膏 100 毫升', 380],
          ['Toothbrushes, Soft, 2 pieces', '软毛牙刷 2 支', 340],
          ['Dental Floss, 50 m', '牙线 50 米', 260],
          ['Mouthwash, 500 ml', '漱口水 500 毫升', 390],
          ['Cotton Pads, 100 pieces', '化妆棉 100 片', 180],
          ['Hand Cream, Green Tea, 75 ml', '绿茶护手霜 75 毫升', 480],
          ['Deodorant Stick, 60 g', '止汗膏 60 克', 420],
          ['Razor Blades, 8 pieces', '剃须刀片 8 片', 990],
          ['Epsom Bath Salts, 1 kg', '泻盐浴盐 1 公斤', 520],
        ],
      },
    ],
  },
  {
    code: 'home-fragrance',
    prefix: 'FRA',
    name: { en: 'Candles & home fragrance', zh: '香氛与蜡烛' },
    everyDays: 55,
    ranges: [
      {
        items: [
          ['White Tea', '白茶', 890],
          ['Fig & Cassis', '无花果黑加仑', 950],
          ['Cedar & Smoke', '雪松烟熏', 950],
          ['Osmanthus & Honey', '桂花蜜', 920],
          ['Fresh Linen', '清新棉麻', 850],
          ['Orange & Clove', '橙子丁香', 890],
        ],
        forms: [
          ['scented candle 180 g', '香薰蜡烛 180 克', 1],
          ['reed diffuser 100 ml', '藤条香薰 100 毫升', 1.4],
          ['diffuser refill 200 ml', '香薰补充液 200 毫升', 1.6],
        ],
      },
      {
        items: [
          ['Tealights, 50 pieces', '茶蜡 50 个', 490],
          ['Dinner Candles, 8 pieces', '长烛 8 支', 420],
          ['Sandalwood Incense, 40 sticks', '檀香线香 40 支', 560],
          ['Agarwood Incense, 20 sticks', '沉香线香 20 支', 980],
          ['Linen Spray, Lavender, 150 ml', '薰衣草织物喷雾 150 毫升', 620],
          ['Drawer Sachets, 4 pieces', '衣柜香包 4 个', 680],
          ['Long Matches, 45 pieces', '长火柴 45 根', 290],
        ],
      },
    ],
  },
]
