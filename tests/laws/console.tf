locals {
  text     = "Hello, World"
  name     = "audit-logs"
  number   = 42
  yes      = true
  nothing  = null
  list     = tolist(["c", "a", "b"])
  set      = toset(["x", "y"])
  map      = tomap({ b = "2", a = "1" })
  object   = { name = "o", size = 2.5, on = true, names = ["p", "q"], none = null }
  objects  = [{ name = "a", size = 1, names = ["x"] }, { name = "b", size = 2, names = [], on = false }]
  template = "hi $${name}"
}
