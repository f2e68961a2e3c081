"""What is to be done, as data. Pure: nothing here looks at the world or acts."""
