print("sagatop")
