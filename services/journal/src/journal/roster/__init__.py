"""Who is who in the schools: a projection of identity's registry. Names are P2, contacts never come here."""
