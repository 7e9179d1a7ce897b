"""One file per model family: how a fitted model is kept in files and answers, without the library that trained it
where its arithmetic is simple, and never as a pickle.
"""
