def sign_up(request):
    return {}
