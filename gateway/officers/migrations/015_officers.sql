-- Searches for people that an officer made in a civil day. The row is counted up before the search is made.
CREATE TABLE officer_person_search (
  issuer   text NOT NULL,
  subject  text NOT NULL,
  day      date NOT NULL,
  searches int  NOT NULL CHECK (searches > 0),
  PRIMARY KEY (issuer, subject, day)
);

GRANT SELECT, INSERT ON officer_person_search TO tereze_runtime;
GRANT UPDATE (searches) ON officer_person_search TO tereze_runtime;
