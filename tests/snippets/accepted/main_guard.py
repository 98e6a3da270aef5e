# value: ["ran"]
result = []

def main():
    result.append("ran")

if __name__ == "__main__":
    main()
result
