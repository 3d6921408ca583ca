/** In the page's timeline (w3.org/TR/user-timing), once the places that are not open have been drawn out of sight. */
export const rehearsedMark = 'stint:rehearsed';
