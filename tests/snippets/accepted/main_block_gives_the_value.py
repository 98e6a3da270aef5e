# own: the last expression of a closing main block is the value of the program
# value: "Jonas Weber"
def main():
    return "Jonas Weber"


if __name__ == "__main__":
    main()
