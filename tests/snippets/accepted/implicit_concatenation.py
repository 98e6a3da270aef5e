# value: "abc"
('a' 'b'
 'c')
