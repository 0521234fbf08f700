using Countersign.Clients.Drivers;
using Countersign.Clients.Measure;
using Countersign.Refusals;

namespace Countersign.Clients;

public sealed class MeasuredClients
{
    public static TheoryData<string> Names => new(Measurement.Drivers.Select(driver => driver.Name));

    public static TheoryData<string> WithStack => new(Measurement.Drivers.Where(driver => driver.Stack is not null).Select(driver => driver.Name));

    [Fact]
    public async Task The_page_about_clients_says_what_was_measured()
    {
        var page = new ClientsPage(await Measurement.Taken).Markdown();
        ClientsPage.Compared(page).ShouldBe(ClientsPage.Compared(new MeasuredPage("guide", "clients.md").TextAfter(page)), MeasuredPage.Advice);
    }

    [Fact]
    public async Task Every_visit_comes_to_a_request()
    {
        var measured = await Measurement.Taken;
        measured.Observations.Where(one => one.Sent == Sent.Unknown).Select(one => $"{one.Driver.Name} {one.Situation} {one.Protocol}: {one.Seen.Words}").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_browser_without_a_policy_closes_the_connection_and_waits_for_its_user() =>
        (await Measurement.Taken).BrowserWaitsForItsUser.ShouldBeTrue();

    [Theory]
    [MemberData(nameof(WithStack))]
    public async Task A_client_keeps_back_what_the_table_of_stacks_says(string client)
    {
        var measured = await Measurement.Taken;
        var driver = Measurement.Drivers.Single(one => one.Name == client);
        var stack = ClientStack.Named(driver.Stack!);
        var request = new CertificateRequestFacts { IsTls13 = true, Length = 0, Authorities = [.. measured.Listed.Select(der => Read(der).Subject)] };
        foreach (var one in measured.Of(driver).Where(one => one.Situation != Situation.Nothing))
        {
            var withholding = new Withholding(request, [.. measured.Chains[one.Situation].Select(der => Read(der))], [], DateTimeOffset.UtcNow);
            (withholding.By(stack) is not null).ShouldBe(one.Sent == Sent.Nothing, $"{client}, {one.Situation}, {one.Protocol}: {withholding.By(stack)?.Message}");
        }
    }

    [Theory]
    [MemberData(nameof(WithStack))]
    public async Task A_client_sends_its_intermediate_if_the_table_of_stacks_says_so(string client)
    {
        var measured = await Measurement.Taken;
        var driver = Measurement.Drivers.Single(one => one.Name == client);
        (measured.First(driver).Sent == Sent.Leaf).ShouldBe(ClientStack.Named(driver.Stack!).SendsLeafAlone);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_client_is_taken_for_what_it_is(string client)
    {
        var measured = await Measurement.Taken;
        var driver = Measurement.Drivers.Single(one => one.Name == client);
        measured.Of(driver).Select(one => ClientGuess.Of(one.UserAgent, one.Hello).Name).Distinct().ShouldBe([driver.Guess]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_client_that_sends_what_no_list_names_is_not_taken_for_one_that_picks(string client)
    {
        var measured = await Measurement.Taken;
        var driver = Measurement.Drivers.Single(one => one.Name == client);
        measured.Of(driver).Where(one => one.Situation == Situation.NotListed && one.Sent != Sent.Nothing)
            .Select(one => ClientGuess.Of(one.UserAgent, one.Hello)).Where(guess => guess.PicksByList).ShouldBeEmpty();
    }

    private static CertificateFacts Read(byte[] der) => CertificateReader.Read(der)!;
}
