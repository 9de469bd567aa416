-- Products that nobody bought yet stand in product_habit with 0 buyers, to be found without looking at the whole catalogue.
create index product_habit_untried_idx on product_habit (source, sku) where buyers = 0;
