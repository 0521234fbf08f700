using System.Globalization;
using System.Text;
using Countersign.Fuzz.Targets;
using CsCheck;

namespace Countersign.Fuzz;

public sealed class FuzzTests
{
    private static readonly FuzzTarget[] Targets =
    [
        new CertificateDer(), new ChunkedBody(), new ClientHello(), new ConfigurationFile(), new ConfigurationWords(), new CrlDer(), new HeaderLines(), new OcspReply(), new ProxyProtocol(),
        new RefusedChain(), new RequestLine(), new UriPath(),
    ];

    public static TheoryData<string> Names => [.. Targets.Select(target => target.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Every_seed_is_read_as_the_oracle_reads_it(string name)
    {
        var target = Target(name);
        var seeds = target.Seeds();
        seeds.ShouldNotBeEmpty();
        seeds.ShouldAllBe(seed => Holds(target, seed));
    }

    /// <summary>A failure prints the input and a seed: <c>CsCheck_Seed=...</c> in the environment runs it again.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Every_mutation_of_a_seed_is_read_as_the_oracle_reads_it(string name)
    {
        var target = Target(name);
        Mutations.Of(target).Sample(
            target.Try, iter: Seconds > 0 ? -1 : target.Inputs, time: Seconds > 0 ? Seconds : -1, threads: 1, print: Printable);
    }

    /// <summary><c>COUNTERSIGN_FUZZ_SECONDS</c>: so long for each target, instead of a fixed number of inputs.</summary>
    private static int Seconds { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("COUNTERSIGN_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;

    private static FuzzTarget Target(string name) => Targets.Single(target => target.Name == name);

    private static bool Holds(FuzzTarget target, byte[] seed)
    {
        target.Try(seed);
        return true;
    }

    private static string Printable(byte[] input)
    {
        var text = new StringBuilder();
        foreach (var b in input)
        {
            text.Append(b switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                (byte)'\\' or (byte)'"' => "\\" + (char)b,
                >= 0x20 and < 0x7f => ((char)b).ToString(),
                _ => $"\\u{b:x4}",
            });
        }
        return $"\"{text}\"";
    }
}
