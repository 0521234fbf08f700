namespace Countersign.Conformance;

/// <summary>Bundles as people build them.</summary>
internal static class Bundles
{
    /// <summary>Each is <c>bundle-NAME.pem</c> and a server of the subject of bundles.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "leaf-first", "root-first", "intermediate-first", "intermediate-only", "root-only", "leaf-only", "self-signed-leaf",
        "duplicates", "crlf", "text", "junk-between", "unrelated", "same-name", "indented", "no-final-newline", "cross", "key-too", "seed",
    ];

    public static void Write(Trust trust)
    {
        var root = trust["root"].Pem;
        var middle = trust["intermediate"].Pem;
        var leaf = trust["client"].Pem;
        Write("leaf-first", leaf + trust["client2"].Pem + middle + root);
        Write("root-first", root + middle + leaf);
        Write("intermediate-first", middle + root);
        Write("intermediate-only", middle);
        Write("root-only", root);
        Write("leaf-only", leaf);
        Write("self-signed-leaf", trust["self-signed"].Pem);
        Write("duplicates", root + middle + root + middle + middle);
        Write("crlf", (middle + root).Replace("\n", "\r\n"));
        Write("text", "subject=CN=Issuing A\nissuer=CN=Root A\n\n" + middle + "\nCertificate:\n    Data:\n        Version: 3 (0x2)\n" + root);
        Write("junk-between", "# intermediate\n" + middle + "\n\n\n\t \nroot follows --- \n" + root + "\ntrailing words\n");
        Write("trusted", (middle + root).Replace("CERTIFICATE-----", "TRUSTED CERTIFICATE-----"));
        Write("unrelated", trust["other-root"].Pem + trust["server-root"].Pem);
        Write("same-name", trust["impostor-root"].Pem + root + middle);
        Write("indented", middle.Replace("\n", "  \n") + root);
        Write("no-final-newline", (middle + root).TrimEnd('\n'));
        Write("cross", trust["other-root"].Pem + trust["cross"].Pem);
        Write("key-too", trust["client"].KeyPem + middle + root);
        Write("seed", middle + root + leaf + trust["client2"].Pem + trust["direct"].Pem);

        void Write(string name, string text) => trust.Write($"bundle-{name}.pem", text);
    }
}
