"""Understanding of citizens' messages: plain modules and thin Rasa components over them."""
