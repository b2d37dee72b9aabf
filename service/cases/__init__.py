"""The questions a person can ask, by what they are about; ``service.usecases.Programme`` is made of them."""
