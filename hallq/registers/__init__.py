"""The guide desk's registers: lost property (遗失物品) and the mail ledger (政务专递)."""
