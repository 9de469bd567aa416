// a part
