# tools
class Leg: symbol: str; quantity: float  # quantity > 0
class Order: id: str; legs: list[Leg]
class orders:
 def archive_order(order: Order) -> Any: ...  # result shape not declared
 def delete_order(id: str) -> Any: ...  # result shape not declared
