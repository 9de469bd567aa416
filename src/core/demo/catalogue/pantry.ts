import type { Shelf } from './shelf'

/** What a kitchen is stocked with. */
export const pantry: readonly Shelf[] = [
  {
    code: 'rice-noodles',
    prefix: 'RIC',
    name: { en: 'Rice, noodles & pasta', zh: '米面' },
    everyDays: 30,
    ranges: [
      {
        items: [
          ['Thai Jasmine Rice', '泰国香米', 260],
          ['Basmati Rice', '印度香米', 270],
          ['Sushi Rice', '寿司米', 320],
          ['Brown Rice', '糙米', 250],
          ['Black Rice', '黑米', 360],
          ['Glutinous Rice', '糯米', 290],
        ],
        forms: [
          ['1 kg', '1 公斤', 1],
          ['5 kg', '5 公斤', 4.4],
        ],
      },
      {
        items: [
          ['Wheat Noodles, 500 g', '挂面 500 克', 180],
          ['Egg Noodles, 500 g', '鸡蛋面 500 克', 220],
          ['Rice Vermicelli, 400 g', '米粉 400 克', 190],
          ['Udon, 4 portions', '乌冬面 4 份', 320],
          ['Soba, 300 g', '荞麦面 300 克', 290],
          ['Glass Noodles, 250 g', '粉丝 250 克', 210],
          ['Spaghetti, 500 g', '意大利面 500 克', 160],
          ['Penne, 500 g', '斜管通心粉 500 克', 160],
          ['Couscous, 500 g', '库斯库斯 500 克', 210],
          ['Quinoa, 500 g', '藜麦 500 克', 420],
          ['Millet, 500 g', '黄小米 500 克', 240],
          ['Red Lentils, 500 g', '红扁豆 500 克', 190],
          ['Mung Beans, 500 g', '绿豆 500 克', 230],
        ],
      },
    ],
  },
  {
    code: 'sauces',
    prefix: 'SAU',
    name: { en: 'Sauces & seasoning', zh: '酱料与调味品' },
    everyDays: 48,
    ranges: [
      {
        items: [
          ['Light Soy Sauce', '生抽', 180],
          ['Dark Soy Sauce', '老抽', 190],
          ['Oyster Sauce', '蚝油', 230],
          ['Chinkiang Vinegar', '镇江香醋', 210],
          ['Rice Vinegar', '米醋', 190],
          ['Toasted Sesame Oil', '芝麻香油', 310],
        ],
        forms: [
          ['150 ml', '150 毫升', 1],
          ['500 ml', '500 毫升', 2.6],
        ],
      },
      {
        items: [
          ['Crispy Chilli Oil, 210 g', '油辣椒 210 克', 290],
          ['Hoisin Sauce, 250 g', '海鲜酱 250 克', 240],
          ['Black Bean Sauce, 250 g', '豆豉酱 250 克', 240],
          ['Pixian Chilli Bean Paste, 300 g', '郫县豆瓣酱 300 克', 280],
          ['Sesame Paste, 300 g', '芝麻酱 300 克', 340],
          ['White Miso, 400 g', '白味噌 400 克', 380],
          ['Fish Sauce, 200 ml', '鱼露 200 毫升', 220],
          ['Worcestershire Sauce, 150 ml', '伍斯特酱 150 毫升', 210],
          ['English Mustard, 170 g', '英式芥末酱 170 克', 190],
          ['Tomato Ketchup, 460 g', '番茄酱 460 克', 260],
          ['Sea Salt Flakes, 250 g', '片状海盐 250 克', 250],
          ['Black Peppercorns, 100 g', '黑胡椒粒 100 克', 320],
          ['Sichuan Peppercorns, 50 g', '四川花椒 50 克', 290],
        ],
      },
    ],
  },
  {
    code: 'tins-oils',
    prefix: 'TIN',
    name: { en: 'Tins & oils', zh: '罐头与食用油' },
    everyDays: 27,
    ranges: [
      {
        items: [
          ['Chopped Tomatoes 400 g', '番茄碎 400 克', 95],
          ['Chickpeas 400 g', '鹰嘴豆 400 克', 90],
          ['Butter Beans 400 g', '白芸豆 400 克', 95],
          ['Kidney Beans 400 g', '红腰豆 400 克', 90],
          ['Sweetcorn 325 g', '甜玉米粒 325 克', 110],
          ['Tuna in Olive Oil 160 g', '橄榄油金枪鱼 160 克', 195],
          ['Sardines in Tomato 120 g', '茄汁沙丁鱼 120 克', 145],
          ['Coconut Milk 400 ml', '椰浆 400 毫升', 165],
          ['Bamboo Shoots 225 g', '竹笋片 225 克', 125],
        ],
        forms: [
          ['single tin', '单罐', 1],
          ['pack of 6', '6 罐装', 5.4],
        ],
      },
      {
        items: [
          ['Extra Virgin Olive Oil, 500 ml', '特级初榨橄榄油 500 毫升', 790],
          ['Extra Virgin Olive Oil, 1 litre', '特级初榨橄榄油 1 升', 1390],
          ['Rapeseed Oil, 1 litre', '菜籽油 1 升', 380],
          ['Sunflower Oil, 1 litre', '葵花籽油 1 升', 320],
          ['Groundnut Oil, 1 litre', '花生油 1 升', 490],
          ['Pitted Green Olives, 350 g', '去核青橄榄 350 克', 260],
          ['Preserved Mustard Greens, 300 g', '雪菜 300 克', 180],
        ],
      },
    ],
  },
  {
    code: 'breakfast',
    prefix: 'BRK',
    name: { en: 'Breakfast & spreads', zh: '早餐与抹酱' },
    everyDays: 26,
    ranges: [
      {
        items: [
          ['Porridge Oats', '燕麦片', 160],
          ['Almond Granola', '杏仁烤麦片', 390],
          ['Fruit Muesli', '水果麦片', 340],
          ['Corn Flakes', '玉米片', 220],
          ['Bran Flakes', '麦麸片', 230],
        ],
        forms: [
          ['500 g', '500 克', 1],
          ['1 kg', '1 公斤', 1.8],
        ],
      },
      {
        items: [
          ['Strawberry Jam, 340 g', '草莓果酱 340 克', 260],
          ['Raspberry Jam, 340 g', '覆盆子果酱 340 克', 280],
          ['Blackcurrant Jam, 340 g', '黑加仑果酱 340 克', 270],
          ['Seville Orange Marmalade, 340 g', '苦橙果酱 340 克', 280],
          ['Lemon Curd, 320 g', '柠檬凝乳 320 克', 290],
          ['Acacia Honey, 340 g', '洋槐蜂蜜 340 克', 520],
          ['Wildflower Honey, 340 g', '百花蜂蜜 340 克', 460],
          ['Smooth Peanut Butter, 400 g', '幼滑花生酱 400 克', 310],
          ['Crunchy Peanut Butter, 400 g', '颗粒花生酱 400 克', 310],
          ['Hazelnut Cocoa Spread, 350 g', '榛子可可酱 350 克', 340],
          ['Maple Syrup, 250 ml', '枫糖浆 250 毫升', 620],
          ['Soy Milk Powder, 10 sachets', '豆浆粉 10 小袋', 320],
          ['Black Sesame Paste Powder, 10 sachets', '黑芝麻糊 10 小袋', 360],
          ['Pancake Mix, 500 g', '松饼粉 500 克', 240],
          ['Lotus Root Starch, 10 sachets', '藕粉 10 小袋', 380],
        ],
      },
    ],
  },
  {
    code: 'baking',
    prefix: 'BAK',
    name: { en: 'Baking', zh: '烘焙' },
    everyDays: 42,
    ranges: [
      {
        items: [
          ['Plain Flour', '中筋面粉', 130],
          ['Self-Raising Flour', '自发面粉', 130],
          ['Strong Bread Flour', '高筋面粉', 150],
          ['Wholemeal Flour', '全麦面粉', 150],
          ['Caster Sugar', '细砂糖', 170],
          ['Light Brown Sugar', '红糖', 190],
          ['Icing Sugar', '糖粉', 180],
        ],
        forms: [
          ['1 kg', '1 公斤', 1],
          ['3 kg', '3 公斤', 2.7],
        ],
      },
      {
        items: [
          ['Dried Yeast, 8 sachets', '干酵母 8 小袋', 150],
          ['Baking Powder, 170 g', '泡打粉 170 克', 160],
          ['Bicarbonate of Soda, 200 g', '小苏打 200 克', 120],
          ['Vanilla Extract, 60 ml', '香草精 60 毫升', 480],
          ['Cocoa Powder, 250 g', '可可粉 250 克', 390],
          ['Ground Almonds, 200 g', '杏仁粉 200 克', 350],
          ['Rock Sugar, 400 g', '冰糖 400 克', 220],
          ['Sultanas, 500 g', '无籽葡萄干 500 克', 270],
          ['Ground Cinnamon, 50 g', '肉桂粉 50 克', 190],
          ['Baking Parchment, 20 m', '烘焙油纸 20 米', 320],
          ['Muffin Cases, 60 pieces', '麦芬纸杯 60 个', 180],
        ],
      },
    ],
  },
]
