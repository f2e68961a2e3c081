"""Tables that were migrated and written to, each with what is to become of its rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from parom.replay.apart import Why
from parom.replay.changes import Changes, Filled, Refusal, TableChange
from tests.adapters.databases.postgresql.test_values import OWN_TYPES, VALUES


@dataclass(frozen=True)
class Case:
    """One table or several, all in one database with those of the other cases."""

    name: str
    before: str
    written: str
    rows: dict[str, str]
    """What comes back, by a query of the older database; rows as the server writes them."""
    migration: str = ""
    changes: tuple[TableChange, ...] = ()
    apart: dict[str, Why] = field(default_factory=dict)
    """By `table key`."""


_NAMES = ", ".join(f"c{place}" for place in range(len(VALUES)))
_COLUMNS = ", ".join(f"c{place} {kind}" for place, (kind, _, _) in enumerate(VALUES))
_GIVEN = ", ".join(value for _, value, _ in VALUES)

CASES = [
    Case(
        "what was written comes along",
        "CREATE TABLE t1 (id int PRIMARY KEY, v text); INSERT INTO t1 VALUES (1, 'a'), (2, 'b')",
        "INSERT INTO t1 VALUES (3, E'\\t\\\\N\\n'); DELETE FROM t1 WHERE id = 1;"
        "UPDATE t1 SET v = NULL WHERE id = 2",
        {"t1": '(2,) (3,"\t\\\\N\n")'},
    ),
    Case(
        "a key has a value with an empty part",
        "CREATE TYPE paired AS (a int, b int); CREATE TABLE t_pair (id paired PRIMARY KEY, v int);"
        "INSERT INTO t_pair VALUES ('(1,)', 1), ('(2,)', 1), ('(,)', 1)",
        "UPDATE t_pair SET v = 2 WHERE id = '(1,)'::paired;"
        "DELETE FROM t_pair WHERE id = '(2,)'::paired;"
        "INSERT INTO t_pair VALUES ('(,3)', 3); UPDATE t_pair SET v = 4 WHERE id = '(,)'::paired",
        {"t_pair": '("(,)",4) ("(,3)",3) ("(1,)",2)'},
    ),
    Case(
        "unique values were swapped between rows, and keys",
        "CREATE TABLE t2 (id int PRIMARY KEY, v text UNIQUE, d int UNIQUE DEFERRABLE);"
        "INSERT INTO t2 VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)",
        "UPDATE t2 SET v = 'x' WHERE id = 1; UPDATE t2 SET v = 'a' WHERE id = 2;"
        "UPDATE t2 SET v = 'b' WHERE id = 1; UPDATE t2 SET d = 3 - d WHERE d < 3;"
        "DELETE FROM t2 WHERE id = 3; INSERT INTO t2 VALUES (4, 'c', 3)",
        {"t2": "(1,b,2) (2,a,1) (4,c,3)"},
    ),
    Case(
        "a table was emptied and filled again",
        "CREATE TABLE t3 (id int PRIMARY KEY, v int); INSERT INTO t3 VALUES (1, 1), (2, 2), (3, 3)",
        "TRUNCATE t3; INSERT INTO t3 VALUES (2, 9)",
        {"t3": "(2,9)"},
    ),
    Case(
        "rows were copied in",
        "CREATE TABLE t26 (id int PRIMARY KEY, v text)",
        "RESET ROLE; COPY t26 FROM PROGRAM 'printf \"7\\tx\\n8\\ty\\n\"'; SET ROLE keeper",
        {"t26": "(7,x) (8,y)"},
    ),
    Case(
        "nothing names a row",
        "CREATE TABLE t4 (v int); INSERT INTO t4 VALUES (1)",
        "INSERT INTO t4 VALUES (2)",
        {"t4": "(1)"},
        apart={"t4 2": Why.NO_KEY},
    ),
    Case(
        "a unique index names a row",
        "CREATE TABLE t5 (code text NOT NULL UNIQUE, v int); INSERT INTO t5 VALUES ('a', 1)",
        "UPDATE t5 SET v = 2; INSERT INTO t5 VALUES ('b', 3)",
        {"t5": "(a,2) (b,3)"},
    ),
    Case(
        "triggers of the application's own do nothing",
        """CREATE TABLE t6 (id int PRIMARY KEY, v int); CREATE TABLE t6_log (id serial PRIMARY KEY,
        v int);
        CREATE FUNCTION t6_tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         INSERT INTO t6_log (v) VALUES (coalesce(NEW.v, OLD.v)); NEW.v := NEW.v + 1; RETURN NEW;
        END $$;
        CREATE TRIGGER tells BEFORE INSERT OR UPDATE ON t6 FOR EACH ROW EXECUTE FUNCTION t6_tell();
        CREATE TRIGGER always AFTER INSERT ON t6 FOR EACH ROW EXECUTE FUNCTION t6_tell();
        CREATE TRIGGER never BEFORE UPDATE ON t6 FOR EACH ROW EXECUTE FUNCTION t6_tell();
        CREATE CONSTRAINT TRIGGER late AFTER DELETE ON t6 INITIALLY DEFERRED FOR EACH ROW
         EXECUTE FUNCTION t6_tell();
        ALTER TABLE t6 ENABLE ALWAYS TRIGGER always; ALTER TABLE t6 DISABLE TRIGGER never;
        CREATE RULE also AS ON INSERT TO t6 DO ALSO INSERT INTO t6_log (v) VALUES (100);
        ALTER TABLE t6 ENABLE REPLICA RULE also;
        INSERT INTO t6 VALUES (1, 1), (2, 2)""",
        "INSERT INTO t6 VALUES (5, 5); DELETE FROM t6 WHERE id = 2",
        {
            "t6": "(1,2) (5,6)",
            "t6_log": "(1,1) (2,2) (3,2) (4,3) (5,5) (6,6) (7,3)",
        },
    ),
    Case(
        "columns that the database fills",
        "CREATE TABLE t7 (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v int,"
        " twice int GENERATED ALWAYS AS (v * 2) STORED)",
        "INSERT INTO t7 (v) VALUES (4), (5)",
        {"t7": "(1,4,8) (2,5,10)"},
    ),
    Case(
        "partitions, a row moved between them, and one that fits into none",
        "CREATE TABLE t8 (day int, id int, v int, PRIMARY KEY (day, id)) PARTITION BY RANGE (day);"
        "CREATE TABLE t8_low PARTITION OF t8 FOR VALUES FROM (0) TO (10);"
        "CREATE TABLE t8_high PARTITION OF t8 FOR VALUES FROM (10) TO (20) PARTITION BY LIST (id);"
        "CREATE TABLE t8_high_all PARTITION OF t8_high DEFAULT;"
        "INSERT INTO t8 VALUES (1, 1, 1), (2, 2, 2), (11, 3, 3)",
        "UPDATE t8 SET day = 12 WHERE day = 1; UPDATE t8_high_all SET v = 9 WHERE id = 3;"
        "INSERT INTO t8 VALUES (30, 1, 1)",
        {"t8": "(11,3,9) (12,1,1) (2,2,2)", "t8_high_all": "(11,3,9) (12,1,1)"},
        migration="CREATE TABLE t8_far PARTITION OF t8 FOR VALUES FROM (20) TO (40)",
        apart={"t8 30": Why.DOES_NOT_FIT},
    ),
    Case(
        "references to a partitioned table and of one",
        """CREATE TABLE t27 (id int PRIMARY KEY, v int) PARTITION BY HASH (id);
        CREATE TABLE t27_0 PARTITION OF t27 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE t27_1 PARTITION OF t27 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        CREATE TABLE t27_c (id int PRIMARY KEY, p int REFERENCES t27) PARTITION BY HASH (id);
        CREATE TABLE t27_c0 PARTITION OF t27_c FOR VALUES WITH (MODULUS 1, REMAINDER 0);
        CREATE TABLE t27_d (id int PRIMARY KEY, p int REFERENCES t27 ON DELETE CASCADE,
         one int REFERENCES t27_1 DEFERRABLE);
        INSERT INTO t27 SELECT n, n FROM generate_series(1, 4) n;
        INSERT INTO t27_c VALUES (1, 1), (2, 2); INSERT INTO t27_d SELECT id, id FROM t27""",
        "UPDATE t27 SET v = 9; DELETE FROM t27 WHERE id = 3; INSERT INTO t27 VALUES (5, 5);"
        "INSERT INTO t27_c VALUES (3, 5); DELETE FROM t27_c WHERE id = 1;"
        "UPDATE t27_d SET one = (SELECT min(id) FROM t27_1 WHERE id > 2) WHERE id = 1",
        {
            "t27": "(1,9) (2,9) (4,9) (5,5)",
            "t27_c": "(2,2) (3,5)",
        },
    ),
    Case(
        "names that differ in letter case alone",
        'CREATE TABLE "T9" (id int PRIMARY KEY, a int); CREATE TABLE t9 (id int PRIMARY KEY,'
        ' "Up" int, up int); INSERT INTO t9 VALUES (1, 1, 2)',
        'INSERT INTO "T9x" VALUES (1, 1); UPDATE t9 SET "Up" = 5; INSERT INTO t9 VALUES (2, 6, 7)',
        {'"T9"': "(1,1)", "t9": "(1,5,2) (2,6,7)"},
        migration='ALTER TABLE "T9" RENAME TO "T9x"; ALTER TABLE "T9x" RENAME a TO "A"',
        changes=(TableChange("T9", "T9x", renamed=(("a", "A"),)),),
    ),
    Case(
        "a table renamed to another's letters, and a column",
        "CREATE TABLE t10 (id int PRIMARY KEY, a int); INSERT INTO t10 VALUES (1, 1)",
        'UPDATE "T10" SET "A" = 2; INSERT INTO "T10" VALUES (2, 3)',
        {"t10": "(1,2) (2,3)"},
        migration='ALTER TABLE t10 RENAME TO "T10"; ALTER TABLE "T10" RENAME a TO "A"',
        changes=(TableChange("t10", "T10", renamed=(("a", "A"),)),),
    ),
    Case(
        "every kind of value",
        f"{OWN_TYPES} CREATE TABLE t11 (id int PRIMARY KEY, {_COLUMNS})",
        f"INSERT INTO t11 VALUES (1, {_GIVEN})",
        {},
    ),
    Case(
        "values that only look alike",
        "CREATE TYPE t12_pair AS (a int, b int);"
        "CREATE TABLE t12 (id int PRIMARY KEY, p t12_pair, f float8, r real, n numeric, s text)",
        "INSERT INTO t12 VALUES (1, ROW(NULL, NULL), '-0', 1e10, 1.00, ''),"
        " (2, NULL, 1e300, 1e-5, 1.0, NULL)",
        {"t12": '(1,"(,)",-0,1e+10,1.00,"") (2,,1e+300,1e-05,1.0,)'},
    ),
    Case(
        "what ON DELETE does was captured, and is not done again",
        """CREATE TABLE t13 (id int PRIMARY KEY, v int);
        INSERT INTO t13 VALUES (1, 1), (2, 2), (3, 3);
        CREATE TABLE t13_c (id int PRIMARY KEY, p int REFERENCES t13 ON DELETE CASCADE);
        CREATE TABLE t13_n (id int PRIMARY KEY, p int REFERENCES t13 ON DELETE SET NULL);
        CREATE TABLE t13_r (id int PRIMARY KEY, p int CONSTRAINT keeps REFERENCES t13 ON DELETE
         RESTRICT); COMMENT ON CONSTRAINT keeps ON t13_r IS 'kept';
        INSERT INTO t13_c VALUES (1, 1), (2, 2); INSERT INTO t13_n VALUES (1, 1), (2, 2);
        INSERT INTO t13_r VALUES (1, 1)""",
        "UPDATE t13 SET v = 9; DELETE FROM t13 WHERE id = 2",
        {"t13": "(1,9) (3,9)", "t13_c": "(1,1)", "t13_n": "(1,1) (2,)", "t13_r": "(1,1)"},
    ),
    Case(
        "references that are looked at early, and rows that refer to each other",
        "CREATE TABLE t14 (id int PRIMARY KEY, up int REFERENCES t14, v int);"
        "INSERT INTO t14 VALUES (1, NULL, 1), (2, 1, 2);"
        "CREATE TABLE t14_c (id int PRIMARY KEY, a int, b int, FOREIGN KEY (a) REFERENCES t14,"
        " FOREIGN KEY (b) REFERENCES t14 DEFERRABLE); INSERT INTO t14_c VALUES (1, 1, 2)",
        "UPDATE t14 SET v = 9; INSERT INTO t14 VALUES (3, 2, 3);"
        "UPDATE t14 SET up = 3 WHERE id = 1; INSERT INTO t14_c VALUES (2, 3, 3)",
        {"t14": "(1,3,9) (2,1,9) (3,2,3)", "t14_c": "(1,1,2) (2,3,3)"},
    ),
    Case(
        "rows that stay refer to one that was deleted",
        "CREATE TABLE t15 (id int PRIMARY KEY, v int); CREATE TABLE t15_c (id int PRIMARY KEY,"
        " p int REFERENCES t15 ON DELETE CASCADE); INSERT INTO t15 VALUES (1, 1), (2, 2);"
        "INSERT INTO t15_c VALUES (1, 1)",
        "DELETE FROM t15",
        {"t15": "(1,1)", "t15_c": "(1,1)"},
        migration="DROP TABLE t15_c",
        changes=(TableChange("t15_c", ""),),
        apart={"t15 1": Why.REFERRED},
    ),
    Case(
        "a row refers to one that is apart, by two columns too",
        "CREATE TABLE t16 (a int, b int, v varchar(3), PRIMARY KEY (a, b));"
        "CREATE TABLE t16_c (id int PRIMARY KEY, a int, b int,"
        " FOREIGN KEY (a, b) REFERENCES t16 MATCH FULL)",
        "INSERT INTO t16 VALUES (1, 1, 'long'), (2, 2, 'ok'); INSERT INTO t16_c VALUES (1, 1, 1),"
        " (2, 2, 2), (3, NULL, NULL)",
        {"t16": "(2,2,ok)", "t16_c": "(2,2,2) (3,,)"},
        migration="ALTER TABLE t16 ALTER v TYPE text",
        apart={"t16 1": Why.DOES_NOT_FIT, "t16_c 1": Why.REFERS},
    ),
    Case(
        "values that the older table does not take, or would change",
        """CREATE TABLE t17 (id int PRIMARY KEY, c int CHECK (c < 9), n numeric(4, 1),
        nn int NOT NULL, u int UNIQUE DEFERRABLE INITIALLY DEFERRED,
        EXCLUDE USING btree (c WITH =));
        INSERT INTO t17 VALUES (1, 1, 1, 1, 1), (2, 2, 2, 2, 2), (3, 3, 3, 3, 3)""",
        """UPDATE t17 SET c = 99 WHERE id = 1; INSERT INTO t17 VALUES (4, 4, 1.25, 4, 4),
        (5, 5, 5, NULL, 5), (6, 6, 6, 6, 2), (7, 2, 7, 7, 7), (8, 8, 8.5, 8, 8)""",
        {"t17": "(1,1,1.0,1,1) (2,2,2.0,2,2) (3,3,3.0,3,3) (8,8,8.5,8,8)"},
        migration="ALTER TABLE t17 DROP CONSTRAINT t17_c_check, DROP CONSTRAINT t17_u_key,"
        " DROP CONSTRAINT t17_c_excl, ALTER n TYPE numeric, ALTER nn DROP NOT NULL",
        apart={
            "t17 1": Why.DOES_NOT_FIT,
            "t17 4": Why.DIFFERS,
            "t17 5": Why.DOES_NOT_FIT,
            "t17 6": Why.DOES_NOT_FIT,
            "t17 7": Why.DOES_NOT_FIT,
        },
    ),
    Case(
        "columns added and removed",
        "CREATE TABLE t18 (id int PRIMARY KEY, gone text NOT NULL, v int);"
        "INSERT INTO t18 VALUES (1, 'kept', 1)",
        "UPDATE t18 SET v = 2; INSERT INTO t18 VALUES (2, 2, 0), (3, 3, 7)",
        {"t18": "(1,kept,2) (2,filled,2) (3,filled,3)"},
        migration="ALTER TABLE t18 DROP gone; ALTER TABLE t18 ADD more int NOT NULL DEFAULT 0;"
        "ALTER TABLE t18 ADD price numeric(5, 2) NOT NULL DEFAULT 0",
        changes=(
            TableChange(
                "t18",
                "t18",
                added=(Filled("more", True, 0), Filled("price", True, "0")),
                removed=(Filled("gone", True, "filled"),),
            ),
        ),
        apart={"t18 3": Why.COLUMNS},
    ),
    Case(
        "keys that the older column has not, or not so",
        "CREATE TABLE t19 (id int PRIMARY KEY); INSERT INTO t19 VALUES (1), (2);"
        "CREATE TABLE t19_t (id int PRIMARY KEY); INSERT INTO t19_t VALUES (1), (2)",
        "INSERT INTO t19 VALUES (3), (3000000000); DELETE FROM t19 WHERE id = 1;"
        "INSERT INTO t19_t VALUES ('01'), ('x'), ('3')",
        {"t19": "(2) (3)", "t19_t": "(1) (2) (3)"},
        migration="ALTER TABLE t19 ALTER id TYPE bigint; ALTER TABLE t19_t ALTER id TYPE text",
        apart={
            "t19 3000000000": Why.DOES_NOT_FIT,
            "t19_t 01": Why.DIFFERS,
            "t19_t x": Why.DOES_NOT_FIT,
        },
    ),
    Case(
        "a key that the older column takes for another",
        "CREATE TABLE t20 (k citext PRIMARY KEY, v int); INSERT INTO t20 VALUES ('a', 1), ('b', 2)",
        "INSERT INTO t20 VALUES ('A', 9); UPDATE t20 SET v = 3 WHERE k = 'b'",
        {"t20": "(a,1) (b,3)"},
        migration="ALTER TABLE t20 ALTER k TYPE text",
        apart={"t20 A": Why.DOES_NOT_FIT},
    ),
    Case(
        "tables of another schema, of which models say no name",
        "CREATE TABLE other.t21 (id int PRIMARY KEY);CREATE TABLE other.t21_b (id int PRIMARY KEY)",
        "INSERT INTO other.t21 VALUES (1); INSERT INTO other.t21_b VALUES (1)",
        {"other.t21": "(1)", "other.t21_b": ""},
        changes=(TableChange("t21_a", "t21_b"),),
        apart={"other.t21_b 1": Why.REFUSED},
    ),
    Case(
        "a column was renamed by hand after the opening",
        "CREATE TABLE t22 (id int PRIMARY KEY, a int); INSERT INTO t22 VALUES (1, 1)",
        "ALTER TABLE t22 RENAME a TO b; UPDATE t22 SET b = 5",
        {"t22": "(1,1)"},
        apart={"t22 1": Why.UNSEEN},
    ),
    Case(
        "tables took each other's names by hand after the opening",
        "CREATE TABLE t90 (id int PRIMARY KEY); CREATE TABLE t90_b (id int PRIMARY KEY);"
        "INSERT INTO t90 VALUES (1)",
        "DELETE FROM t90; INSERT INTO t90_b VALUES (2); ALTER TABLE t90 RENAME TO t90_x;"
        "ALTER TABLE t90_b RENAME TO t90; ALTER TABLE t90_x RENAME TO t90_b",
        {"t90": "(1)", "t90_b": ""},
        apart={"t90_b 1": Why.UNSEEN, "t90 2": Why.UNSEEN},
    ),
    Case(
        "tables that somebody made or dropped",
        "CREATE TABLE t23 (id int PRIMARY KEY); INSERT INTO t23 VALUES (1)",
        "INSERT INTO t23_new VALUES (1)",
        {"t23": "(1)"},
        migration="DROP TABLE t23; CREATE TABLE t23_new (id int PRIMARY KEY)",
        changes=(TableChange("t23", ""), TableChange("", "t23_new")),
        apart={"t23_new 1": Why.NO_TABLE},
    ),
    Case(
        "a migration that has no reverse",
        "CREATE TABLE t24 (id int PRIMARY KEY)",
        "INSERT INTO t24 VALUES (1)",
        {"t24": ""},
        apart={"t24 1": Why.REFUSED},
    ),
    Case(
        "a function of the application's in a constraint",
        "CREATE FUNCTION t25_fits(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN"
        " IF $1 > 5 THEN RAISE 'no'; END IF; RETURN $1 < 4; END $$;"
        "CREATE TABLE t25 (id int PRIMARY KEY, v int CHECK (t25_fits(v)))",
        "INSERT INTO t25 VALUES (1, 1), (2, 5), (3, 9)",
        {"t25": "(1,1)"},
        migration="ALTER TABLE t25 DROP CONSTRAINT t25_v_check",
        apart={"t25 2": Why.DOES_NOT_FIT, "t25 3": Why.DOES_NOT_FIT},
    ),
]
CHANGES = Changes(
    tuple(change for case in CASES for change in case.changes),
    (Refusal("a.0001", "AlterField", "type", "t24"),),
)
